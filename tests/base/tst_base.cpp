// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/json.h"
#include "base/timestamp.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

class TestBase : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sha256MatchesThePublishedVectors();
    void hashingNamesAFileThatIsMissing();
    void hashingStopsWhenAsked();
    void canonicalJsonDoesNotDependOnInsertionOrder();
    void brokenJsonSaysWhere();
    void clockTextRoundTrips_data();
    void clockTextRoundTrips();
    void clockRefusesNonsense();
};

void TestBase::sha256MatchesThePublishedVectors()
{
    QCOMPARE(hexText(sha256("abc")),
             u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s);
    QCOMPARE(hexText(sha256("")),
             u"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_s);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"three"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("abc");
    file.close();
    const auto hashes = hashFile(file.fileName());
    QVERIFY(hashes);
    QCOMPARE(hashes->sha256, sha256("abc"));
    QCOMPARE(hashes->md5Hex, QByteArray("900150983cd24fb0d6963f7d28e17f72"));
    QCOMPARE(hashes->size, 3);
}

void TestBase::hashingNamesAFileThatIsMissing()
{
    const auto hashes = hashFile(u"/nowhere/clip.mp4"_s);
    QVERIFY(!hashes);
    QCOMPARE(hashes.error().code, Errc::NotFound);
    QVERIFY(hashes.error().text().contains(u"/nowhere/clip.mp4"_s));
}

void TestBase::hashingStopsWhenAsked()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"f"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("abc");
    file.close();
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(hashFile(file.fileName(), stop.get_token()).error().code, Errc::Cancelled);
}

void TestBase::canonicalJsonDoesNotDependOnInsertionOrder()
{
    QJsonObject one{{u"b"_s, 2}, {u"a"_s, 1}};
    QJsonObject two;
    two.insert(u"a"_s, 1);
    two.insert(u"b"_s, 2);
    QCOMPARE(canonicalJson(one), QByteArray("{\"a\":1,\"b\":2}"));
    QCOMPARE(canonicalJson(one), canonicalJson(two));
}

void TestBase::brokenJsonSaysWhere()
{
    const auto parsed = parseJsonObject("{\"a\": }", u"some.json"_s);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, Errc::BadData);
    QVERIFY(parsed.error().text().startsWith(u"some.json: not valid JSON at byte"_s));
    QVERIFY(!parseJsonObject("[1]", u"list.json"_s));
}

void TestBase::clockTextRoundTrips_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << u"00:00:00.000"_s;
    QTest::newRow("part") << 12.48 << u"00:00:12.480"_s;
    QTest::newRow("hour") << 3661.5 << u"01:01:01.500"_s;
}

void TestBase::clockTextRoundTrips()
{
    QFETCH(double, seconds);
    QFETCH(QString, text);
    QCOMPARE(clockText(seconds), text);
    double back = -1;
    QVERIFY(parseClock(text, &back));
    QCOMPARE(back, seconds);
}

void TestBase::clockRefusesNonsense()
{
    double seconds = 0;
    for (const QString &text : {u""_s, u"a"_s, u"1:99"_s, u"1:2:3:4"_s, u"-1"_s, u"nan"_s})
        QVERIFY2(!parseClock(text, &seconds), qPrintable(text));
}

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
