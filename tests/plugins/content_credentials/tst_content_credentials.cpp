// SPDX-License-Identifier: GPL-3.0-or-later
#include "credentials_detector.h"
#include "plugin_bench.h"
#include "signed_picture.h"
#include "textures.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

QByteArray plainJpeg()
{
    std::vector<uchar> bytes;
    cv::imencode(".jpg", texturedPicture({64, 48}, 1), bytes);
    return QByteArray(reinterpret_cast<char *>(bytes.data()), qsizetype(bytes.size()));
}

QByteArray sharedFile(const QString &name)
{
    QFile file(shared(u"c2pa/"_s + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestContentCredentials : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aSignedPictureIsValid();
    void changedBytesAreTold();
    void aChangedClaimIsTold();
    void absenceIsNeutral();
    void aDeclaredGeneratorIsSaid();
    void brokenStoresNeverCrash();
    void realFilesAreToldApart_data();
    void realFilesAreToldApart();
    void filesOfOtherKindsAreNotApplicable();
    void stopsWhenAsked();
    void theManifestIsValid();
};

void TestContentCredentials::aSignedPictureIsValid()
{
    const Credentials credentials = checkCredentials(signedPicture(plainJpeg(), u"digitalCapture"_s));
    QVERIFY2(credentials.state == CredentialState::Valid, qPrintable(credentials.reason));
    QCOMPARE(credentials.algorithm, u"ES256"_s);
    QCOMPARE(credentials.chain.size(), 1u);
    QCOMPARE(credentials.chain.front().subject, u"Test Signer"_s);
    QCOMPARE(credentials.assertions, (QStringList{u"c2pa.actions"_s, u"c2pa.hash.data"_s}));
    const Finding finding = credentialFinding(credentials);
    QCOMPARE(finding.verdict, Verdict::Consistent);
    QVERIFY(finding.limits.join(u' ').contains(u"not checked against a trust list"_s));
    QVERIFY(valueIn(std::make_unique<Table>(credentialTable(credentials)).get(), u"Action"_s).toString().contains(u"digitalCapture"_s));
}

void TestContentCredentials::changedBytesAreTold()
{
    QByteArray file = signedPicture(plainJpeg(), u"digitalCapture"_s);
    file[file.size() - 40] = char(file.at(file.size() - 40) ^ 1); // a bit of the picture's data
    const Credentials credentials = checkCredentials(file);
    QCOMPARE(credentials.state, CredentialState::ContentChanged);
    const Finding finding = credentialFinding(credentials);
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.summary.contains(u"content was changed after signing"_s));
}

void TestContentCredentials::aChangedClaimIsTold()
{
    const QByteArray good = signedPicture(plainJpeg(), u"digitalCapture"_s);
    QByteArray claim = good;
    claim[claim.lastIndexOf("a test")] = 'b';
    QCOMPARE(checkCredentials(claim).state, CredentialState::ClaimChanged);
    QByteArray assertion = good;
    assertion[assertion.indexOf("digitalCapture")] = 'D';
    const Credentials credentials = checkCredentials(assertion);
    QCOMPARE(credentials.state, CredentialState::ClaimChanged);
    QVERIFY2(credentials.reason.contains(u"c2pa.actions"_s), qPrintable(credentials.reason));
    QCOMPARE(credentialFinding(credentials).verdict, Verdict::Suspicious);
}

void TestContentCredentials::absenceIsNeutral()
{
    const Credentials credentials = checkCredentials(plainJpeg());
    QCOMPARE(credentials.state, CredentialState::Absent);
    QCOMPARE(credentialFinding(credentials).verdict, Verdict::NotApplicable);
}

void TestContentCredentials::aDeclaredGeneratorIsSaid()
{
    const Credentials credentials = checkCredentials(signedPicture(plainJpeg(), u"trainedAlgorithmicMedia"_s));
    QCOMPARE(credentials.state, CredentialState::Valid);
    const Finding finding = credentialFinding(credentials);
    QCOMPARE(finding.verdict, Verdict::Suspicious);
    QVERIFY(finding.supports.join(u' ').contains(u"trained model"_s));
}

void TestContentCredentials::brokenStoresNeverCrash()
{
    const QByteArray good = signedPicture(plainJpeg(), u"digitalCapture"_s);
    for (qsizetype length = 0; length < good.size(); length += 29)
        QVERIFY(checkCredentials(good.left(length)).state != CredentialState::Valid);
    QRandomGenerator random(5);
    for (int i = 0; i < 1000; ++i) {
        QByteArray file = good;
        for (int k = 0; k < 1 + i % 4; ++k) {
            const qsizetype at = 2 + random.bounded(qint64(1500));
            file[at] = char(file.at(at) ^ (1 + random.bounded(255)));
        }
        checkCredentials(file); // any answer will do
    }
}

void TestContentCredentials::realFilesAreToldApart_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("state");
    QTest::addRow("valid") << u"C.jpg"_s << int(CredentialState::Valid);
    QTest::addRow("valid, several manifests") << u"CACAE-uri-CA.jpg"_s << int(CredentialState::Valid);
    QTest::addRow("unsigned") << u"no_manifest.jpg"_s << int(CredentialState::Absent);
    QTest::addRow("unsigned camera file") << u"P1000827.jpg"_s << int(CredentialState::Absent);
}

void TestContentCredentials::realFilesAreToldApart()
{
    QFETCH(QString, name);
    QFETCH(int, state);
    QByteArray file = sharedFile(name);
    if (file.isEmpty())
        QSKIP("the real files are not there");
    const Credentials credentials = checkCredentials(file);
    QVERIFY2(int(credentials.state) == state, qPrintable(credentials.reason));
    if (state != int(CredentialState::Valid))
        return;
    QVERIFY(credentials.chainConsistent);
    file[file.size() - 300] = char(file.at(file.size() - 300) ^ 4);
    QCOMPARE(checkCredentials(file).state, CredentialState::ContentChanged);
}

void TestContentCredentials::filesOfOtherKindsAreNotApplicable()
{
    CredentialsDetector detector;
    QCOMPARE(detector.begin({}, {}).error().code, Errc::NotApplicable);
    QCOMPARE(readCredentials(u"/nonexistent.jpg"_s).error().code, Errc::NotFound);
}

void TestContentCredentials::stopsWhenAsked()
{
    ClipFacts clip;
    clip.credentials = std::make_shared<const Credentials>();
    CredentialsDetector detector;
    QCOMPARE(detector.begin(clip, stoppedJob()).error().code, Errc::Cancelled);
}

void TestContentCredentials::theManifestIsValid()
{
    const auto manifest = manifestOf(u"detect/content_credentials"_s);
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.content_credentials"_s);
    QCOMPARE(manifest->sampling.mode, Sampling::Mode::None);
}

QTEST_GUILESS_MAIN(TestContentCredentials)
#include "tst_content_credentials.moc"
