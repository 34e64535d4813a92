// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/result_table_model.h"
#include "panels/history/coding_history.h"
#include "panels/history/history_panel.h"
#include "panels/history/history_view.h"
#include "sample_clip.h"

#include <QCheckBox>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

Ledger ledgerOf(const QByteArray &types, const std::vector<int> &keys)
{
    Ledger ledger;
    ledger.timeBase = {1, 25};
    for (int i = 0; i < types.size(); ++i) {
        LedgerEntry entry;
        entry.pts = i;
        entry.packetBytes = 100 + i;
        entry.pictureType = types[i];
        entry.keyFrame = std::find(keys.begin(), keys.end(), i) != keys.end();
        ledger.entries.push_back(entry);
    }
    return ledger;
}

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void groupsRunFromKeyFrameToKeyFrame()
    {
        Trace qp;
        qp.frames = {0, 1, 4, 99};
        qp.values = {20.0, 30.0, 40.0, 1.0};
        const auto groups = pictureGroups(ledgerOf("IPBIPP", {0, 3}), &qp);
        QCOMPARE(groups.size(), std::size_t(2));
        QCOMPARE(groups[0].frames.begin, 0);
        QCOMPARE(groups[0].frames.end, 3);
        QCOMPARE(groups[0].bytes, 100 + 101 + 102);
        QCOMPARE(groups[0].bidirectional, 1);
        QCOMPARE(groups[0].quantiser.value(), 25.0);
        QCOMPARE(groups[1].predicted, 2);
        QCOMPARE(groups[1].quantiser.value(), 40.0);
        QVERIFY(!pictureGroups(ledgerOf("IP", {0}), nullptr)[0].quantiser);
        QVERIFY(pictureGroups({}, nullptr).empty());
        QCOMPARE(pictureGroups(ledgerOf("PPI", {2}), nullptr).size(), std::size_t(2)); // begins without a key
    }
    void gapsOfTheClockAreFound()
    {
        Ledger ledger = ledgerOf("IPPPPP", {0});
        for (std::size_t i = 3; i < 6; ++i)
            ledger.entries[i].pts += 4;
        QCOMPARE(clockGaps(ledger), std::vector<FrameIndex>{2});
        QVERIFY(clockGaps({}).empty());
    }
    void editListsBecomeStretchesOfTheClock()
    {
        MediaFacts facts;
        StreamFacts video;
        video.kind = StreamKind::Video;
        facts.streams.push_back(video);
        facts.editList = {{0, 1.5, -1, 1.0}, {1, 9.0, 0, 1.0}, {0, 2.0, 512, 1.0}};
        const auto segments = editSegments(facts);
        QCOMPARE(segments.size(), std::size_t(2));
        QCOMPARE(segments[1].begin, 1.5);
        QCOMPARE(segments[1].end, 3.5);
    }

    void editListsSpeakInSeconds()
    {
        MediaFacts facts;
        StreamFacts video;
        video.kind = StreamKind::Video;
        video.timeBase = {1, 1000};
        facts.streams.push_back(video);
        facts.editList = {{0, 1.0, -1, 1.0}, {0, 2.0, 0, 1.0}, {0, 2.0, 512, 1.0}};
        const auto segments = editSegments(facts);
        QVERIFY(segments[0].label.contains(u"nothing"_s));
        QVERIFY(segments[1].label.contains(u"from the start"_s));
        QVERIFY(segments[2].label.contains(u"0.512 s"_s));
    }
    void stepsOfTheClockAreSeconds()
    {
        Ledger ledger = ledgerOf("IPP", {0});
        ledger.entries[2].pts += 1;
        const auto steps = clockSteps(ledger);
        QCOMPARE(steps.size(), std::size_t(2));
        QCOMPARE(steps[0], 0.04);
        QCOMPARE(steps[1], 0.08);
        QVERIFY(clockSteps({}).empty());
    }
    void theBoxOfMotionVectorsIsTheLayer()
    {
        ClipModel clip;
        HistoryPanel panel(clip);
        panel.resize(900, 260);
        panel.show();
        test::fill(clip);
        QTRY_VERIFY(panel.motionBox().isEnabled()); // H.264 tells them
        QVERIFY(!panel.motionBox().isChecked());
        panel.motionBox().click();
        QVERIFY(clip.layerStyle(u"coding.motion"_s).visible);
        LayerStyle hidden;
        hidden.visible = false;
        clip.setLayerStyle(u"coding.motion"_s, hidden);
        QVERIFY(!panel.motionBox().isChecked());
    }
    void anEarlierEncodingAndCopiesAreReadFromResults()
    {
        ClipModel clip;
        test::fill(clip);
        QVERIFY(!earlierEncoding(clip).measured);
        QVERIFY(copiedStretches(clip).empty());
        MethodResult result = clip.results().front();
        result.record.pluginId = u"org.framewitness.sample_deletion"_s;
        Trace print;
        print.id = u"frame_deletion.footprint"_s;
        print.frames = {0, 1, 2, 5000};
        print.values = {0.0, 7.0, std::nan(""), 1.0};
        Trace beat;
        beat.id = u"frame_deletion.beat"_s;
        beat.frames = {1, 13};
        beat.values = {7.0, 0.0};
        Event broken;
        broken.kind = u"phase-break"_s;
        broken.range = {40, 60};
        Table copies;
        copies.id = u"frame_deletion.copies"_s;
        copies.columns = {{u"Original from"_s, {}, true}, {u"Copy from"_s, {}, true}, {u"Frames"_s, {}}};
        copies.rows = {QJsonArray{60.0, 140.0, 30.0}};
        result.result.measured = {};
        result.result.measured.traces = {print, beat};
        result.result.measured.events = {broken};
        result.result.measured.tables = {copies};
        clip.setResult(result);
        const EarlierEncoding earlier = earlierEncoding(clip);
        QVERIFY(earlier.measured && earlier.most == 7.0);
        QVERIFY(earlier.expected[1] && earlier.expected[13] && !earlier.expected[2]);
        QCOMPARE(earlier.breaks.size(), std::size_t(1));
        QCOMPARE(copiedStretches(clip).front().copy.end, 170);
        HistoryView view(clip);
        view.resize(900, 260);
        QVERIFY(!view.grab().isNull());
    }

    void showsClaimsOfVideoForensicsOnly()
    {
        ClipModel clip;
        HistoryPanel panel(clip);
        panel.resize(900, 260);
        panel.show();
        test::fill(clip);
        QTRY_COMPARE(panel.groups().rowCount(), 24); // 1200 frames, a key frame every 50
        const auto claims = historyClaims(clip);
        QCOMPARE(panel.claims().rowCount(), int(claims.size()));
        for (const HistoryClaim &claim : claims)
            QCOMPARE(clip.manifest(claim.finding.pluginId)->family, u"video forensics"_s);
        clip.setProvider(nullptr, {});
        QTest::qWait(150);
        QVERIFY(!panel.findChild<QTableView *>()->isVisible());
    }
    void aClickMovesThePlayheadAndTheTipNamesTheFrame()
    {
        ClipModel clip;
        test::fill(clip);
        HistoryView view(clip);
        view.resize(900, 240);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTest::mouseClick(&view, Qt::LeftButton, {}, {880, 40});
        QVERIFY(clip.playhead() > 1100);
        QTest::mouseClick(&view, Qt::LeftButton, {}, {200, 40});
        const FrameIndex frame = clip.playhead();
        QVERIFY(frame > 0 && frame < 400);
        QVERIFY(view.textAt({200, 40}).startsWith(u"Frame %1:"_s.arg(frame)));
        QVERIFY(view.textAt({200, 40}).contains(u"on screen for"_s));
        QVERIFY(view.textAt({2, 40}).startsWith(u"Bytes of each picture"_s)); // a name explains its lane
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(clip.playhead(), frame + 1);
    }
    void anEmptyClipIsDrawnWithoutFuss()
    {
        ClipModel clip;
        HistoryView view(clip);
        view.resize(300, 120);
        QVERIFY(!view.grab().isNull());
        QVERIFY(view.textAt({150, 50}).isEmpty());
    }
};

QTEST_MAIN(TestHistory)
#include "tst_panel_history.moc"
