// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/citation.h"
#include "player/go_to.h"
#include "widgets/fake_provider.h"

#include <QRegularExpression>
#include <QTest>

using namespace fw;
using namespace Qt::StringLiterals;
using fw::test::FakeProvider;

class GoToTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void placesAreUnderstood_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("frame"); // -1: refused
        QTest::newRow("frame") << u"312"_s << qint64(312);
        QTest::newRow("frame in words") << u" Frame 312 "_s << qint64(312);
        QTest::newRow("f") << u"f12"_s << qint64(12);
        QTest::newRow("last") << u"1799"_s << qint64(1799);
        QTest::newRow("past the end") << u"1800"_s << qint64(-1);
        QTest::newRow("forwards") << u"+10"_s << qint64(110);
        QTest::newRow("backwards") << u"-10"_s << qint64(90);
        QTest::newRow("backwards too far") << u"-101"_s << qint64(-1);
        QTest::newRow("seconds") << u"12.48"_s << qint64(312);
        QTest::newRow("seconds between frames") << u"12.5"_s << qint64(312);
        QTest::newRow("seconds with unit") << u"12 s"_s << qint64(300);
        QTest::newRow("decimal comma") << u"12,48 s"_s << qint64(312);
        QTest::newRow("clock") << u"0:12.480"_s << qint64(312);
        QTest::newRow("long clock") << u"00:01:02"_s << qint64(1550);
        QTest::newRow("time code") << u"00:00:12:12"_s << qint64(312);
        QTest::newRow("beyond") << u"10:00"_s << qint64(-1);
        QTest::newRow("pts") << u"pts 159744"_s << qint64(312);
        QTest::newRow("pts inside a frame") << u"p159800"_s << qint64(312);
        QTest::newRow("pts beyond") << u"pts 99999999"_s << qint64(-1);
        QTest::newRow("words") << u"somewhere"_s << qint64(-1);
        QTest::newRow("nothing") << u"  "_s << qint64(-1);
        QTest::newRow("huge") << u"999999999999999999999"_s << qint64(-1);
        QTest::newRow("bad clock") << u"1:75"_s << qint64(-1);
    }
    void placesAreUnderstood()
    {
        QFETCH(QString, text);
        QFETCH(qint64, frame);
        FakeProvider clip({.frames = 1800});
        Ledger ledger;
        ledger.timeBase = {1, 12800};
        for (int i = 0; i < 1800; ++i)
            ledger.entries.push_back({i * 512, 512, 100, 'P', false, {}});
        for (const Ledger &known : {Ledger{}, ledger}) {
            const GoToContext context{clip.clock(), known, {1, 12800}, 0, 100};
            const auto result = parseGoTo(text, context);
            QCOMPARE(result ? *result : -1, frame);
            if (!result)
                QVERIFY(result.error().what.size() > 15);
        }
    }
    void anOffsetStartIsHonoured()
    {
        FakeProvider clip({.frames = 100});
        const GoToContext context{clip.clock(), {}, {1, 12800}, 1024, 0};
        QCOMPARE(*parseGoTo(u"pts 1024"_s, context), 0);
        QCOMPARE(*parseGoTo(u"pts 1536"_s, context), 1);
        QVERIFY(!parseGoTo(u"pts 0"_s, context));
    }
    void anEmptyClipHasNoPlaces()
    {
        FakeProvider clip({.frames = 0});
        QVERIFY(!parseGoTo(u"0"_s, {clip.clock(), {}, {1, 25}, 0, 0}));
    }
    void aCitationNamesTheFrameForOtherPrograms()
    {
        ClipModel model;
        auto provider = std::make_shared<FakeProvider>(FakeProvider::Options{.frames = 1800});
        model.setProvider(provider, std::nullopt);
        const FramePtr frame = provider->makeFrame(312);
        QCOMPARE(frameCitation(model, 312, frame.get()),
                 u"clip.mp4 · frame 312 · PTS 159744 (1/12800 s) · 00:00:12.480"_s);
        QCOMPARE(frameCitation(model, 313, frame.get()), u"clip.mp4 · frame 313 · 00:00:12.520"_s);
        QCOMPARE(statusLine(model, 312, frame.get()), u"00:00:12.480 · frame 312 of 1800 · P"_s);
        model.addFaces(312, {{FaceObservation{}, FaceObservation{}}, {}});
        QCOMPARE(statusLine(model, 312, frame.get()), u"00:00:12.480 · frame 312 of 1800 · P · 2 faces"_s);
        QCOMPARE(statusLine(model, 313, nullptr), u"00:00:12.520 · frame 313 of 1800 · P · no face found"_s);
        QCOMPARE(statusLine(model, 314, nullptr), u"00:00:12.560 · frame 314 of 1800 · P"_s);
        QCOMPARE(statusLine(model, 311, nullptr),
                 u"00:00:12.440 · frame 311 of 1800 · P · faces not measured here"_s);
    }
};

QTEST_GUILESS_MAIN(GoToTest)
#include "tst_go_to.moc"
