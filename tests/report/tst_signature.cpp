// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/signature.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// A self-made certificate of J. Doe with its key, under the passphrase "secret".
bool makeCertificate(const QString &path)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    X509 *certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>("J. Doe"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    bool good = X509_sign(certificate, key, EVP_sha256()) > 0;
    PKCS12 *box = PKCS12_create("secret", "J. Doe", key, certificate, nullptr, 0, 0, 0, 0, 0);
    BIO *file = BIO_new_file(QFile::encodeName(path).constData(), "wb");
    good = good && box && file && i2d_PKCS12_bio(file, box) == 1;
    BIO_free_all(file);
    PKCS12_free(box);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return good;
}

/// Does the signature beside the file fit its bytes? Who signed is not asked.
bool isIntact(const QString &path)
{
    BIO *signature = BIO_new_file(QFile::encodeName(Signer::signaturePath(path)).constData(), "rb");
    BIO *content = BIO_new_file(QFile::encodeName(path).constData(), "rb");
    CMS_ContentInfo *cms = d2i_CMS_bio(signature, nullptr);
    const bool good = cms && CMS_verify(cms, nullptr, nullptr, content, nullptr, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
    CMS_ContentInfo_free(cms);
    BIO_free_all(content);
    BIO_free_all(signature);
    return good;
}

} // namespace

class TestSignature : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(makeCertificate(at(u"doe.p12"_s))); }
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void aSignatureFitsItsFileAndNoOther()
    {
        const auto signer = Signer::open(at(u"doe.p12"_s), u"secret"_s);
        QVERIFY2(signer, signer ? "" : qPrintable(signer.error().text()));
        QCOMPARE(signer->name(), u"J. Doe"_s);
        QCOMPARE(signer->fingerprint().size(), 64);
        write(u"report.pdf"_s, "%PDF-1.4\r\nsome\nbytes");
        QVERIFY(signer->sign(at(u"report.pdf"_s)));
        QVERIFY(isIntact(at(u"report.pdf"_s)));
        write(u"report.pdf"_s, "%PDF-1.4\n\nsome\nbytes"); // one byte
        QVERIFY(!isIntact(at(u"report.pdf"_s)));
    }

    void whatCannotSignSaysWhy()
    {
        QCOMPARE(Signer::open(at(u"doe.p12"_s), u"wrong"_s).error().code, Errc::Mismatch);
        QCOMPARE(Signer::open(at(u"none.p12"_s), u"secret"_s).error().code, Errc::Unreadable);
        write(u"text.p12"_s, "no certificate");
        const auto text = Signer::open(at(u"text.p12"_s), u"secret"_s);
        QCOMPARE(text.error().code, Errc::BadData);
        QVERIFY(text.error().text().contains(u"text.p12"_s));
        const auto signer = Signer::open(at(u"doe.p12"_s), u"secret"_s);
        QVERIFY(signer);
        QCOMPARE(signer->sign(at(u"absent.pdf"_s)).error().code, Errc::Unreadable);
        QVERIFY(!QFile::exists(at(u"absent.pdf.p7s"_s)));
    }

private:
    QString at(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(at(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestSignature)
#include "tst_signature.moc"
