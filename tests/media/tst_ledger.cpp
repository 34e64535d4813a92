// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/ledger.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// Variable frame rate: times 0, 40, 80, 200, 240 ms.
Ledger sample()
{
    Ledger ledger;
    ledger.streamIndex = 1;
    ledger.timeBase = {1, 1000};
    ledger.complete = false;
    ledger.endReason = u"the file ends before the video does"_s;
    for (const int pts : {500, 540, 580, 700, 740}) {
        LedgerEntry e;
        e.pts = pts;
        e.duration = 40;
        e.packetBytes = pts * 3;
        e.pictureType = pts == 500 ? 'I' : 'P';
        e.keyFrame = pts == 500;
        e.planes = sha256(QByteArray::number(pts));
        ledger.entries.push_back(e);
    }
    return ledger;
}

} // namespace

class TestLedger : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void everyFrameIsFoundByItsOwnTime();
    void aFrameStaysOnScreenUntilTheNextBegins_data();
    void aFrameStaysOnScreenUntilTheNextBegins();
    void anEmptyLedgerHasNoFrameAtAnyTime();
    void bytesRoundTrip();
    void everyFlippedByteIsRefused();
    void truncatedBytesAreRefused();
    void theDigestNamesEveryField();
};

void TestLedger::everyFrameIsFoundByItsOwnTime()
{
    const Ledger ledger = sample();
    for (FrameIndex i = 0; i < ledger.count(); ++i)
        QCOMPARE(ledger.indexAt(ledger.seconds(i)).value(), i);
}

void TestLedger::aFrameStaysOnScreenUntilTheNextBegins_data()
{
    QTest::addColumn<double>("second");
    QTest::addColumn<int>("index");
    QTest::newRow("before the first") << -1.0 << 0;
    QTest::newRow("between") << 0.05 << 1;
    QTest::newRow("in the long gap") << 0.19 << 2;
    QTest::newRow("after the last") << 99.0 << 4;
}

void TestLedger::aFrameStaysOnScreenUntilTheNextBegins()
{
    QFETCH(double, second);
    QFETCH(int, index);
    QCOMPARE(int(sample().indexAt(second).value()), index);
}

void TestLedger::anEmptyLedgerHasNoFrameAtAnyTime()
{
    const Ledger empty;
    QVERIFY(!empty.indexAt(0.0));
    QCOMPARE(empty.seconds(3), 0.0);
    const auto back = ledgerFromBytes(toBytes(empty));
    QVERIFY(back);
    QCOMPARE(*back, empty);
}

void TestLedger::bytesRoundTrip()
{
    const auto back = ledgerFromBytes(toBytes(sample()));
    QVERIFY(back);
    QCOMPARE(*back, sample());
}

void TestLedger::everyFlippedByteIsRefused()
{
    const QByteArray good = toBytes(sample());
    for (qsizetype i = 0; i < good.size(); ++i) {
        QByteArray bad = good;
        bad[i] = char(bad[i] ^ 0x10);
        const auto back = ledgerFromBytes(bad);
        QVERIFY2(!back, qPrintable(QString::number(i)));
        QCOMPARE(back.error().code, Errc::BadData);
    }
}

void TestLedger::truncatedBytesAreRefused()
{
    const QByteArray good = toBytes(sample());
    for (qsizetype n = 0; n < good.size(); ++n)
        QVERIFY(!ledgerFromBytes(good.first(n)));
}

void TestLedger::theDigestNamesEveryField()
{
    const Sha256 first = sample().digest();
    Ledger other = sample();
    other.entries[2].planes[31] ^= 1;
    QVERIFY(other.digest() != first);
    other = sample();
    other.entries.pop_back();
    QVERIFY(other.digest() != first);
    QCOMPARE(sample().digest(), first);
}

QTEST_GUILESS_MAIN(TestLedger)
#include "tst_ledger.moc"
