// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/finding_text.h"
#include "panels/timeline/blink_editing.h"

#include "../fake_provider.h"

#include <QKeyEvent>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

const QString kMethod = u"org.framewitness.blink"_s;
constexpr TrackId kFace{0};

/// One minute of one face; the method found blinks at frames 100, 300, 500 ... 1300.
MethodResult counted()
{
    MethodResult result;
    result.record.pluginId = kMethod;
    result.record.pluginVersion = u"3.1.0"_s;
    for (FrameIndex at = 100; at < 1400; at += 200) {
        Event e;
        e.id = u"lid.0.%1"_s.arg(at);
        e.kind = u"blink"_s;
        e.range = {at - 2, at + 5};
        e.apex = at;
        e.track = kFace;
        e.strength = 0.9;
        result.result.measured.events.push_back(e);
    }
    BlinkBasis basis;
    basis.footage = {60, 1, 60, 25, 0, 40, 0};
    basis.stretches = {{0, 60}};
    basis.context = blinkContext(u"unknown"_s);
    result.result.measured.tables = tablesOf(basis, kFace);
    Trace trace;
    trace.track = kFace;
    for (FrameIndex i = 0; i < 1500; ++i) {
        trace.frames.push_back(i);
        trace.values.push_back(0.0);
    }
    result.result.measured.traces.push_back(trace);
    Finding finding;
    finding.id = u"blink.face-0"_s;
    finding.track = kFace;
    result.result.findings.push_back(finding);
    return result;
}

std::size_t blinks(const ClipModel &clip)
{
    return blinksNow(clip, kFace).events.size();
}

} // namespace

class TestBlinkEditing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_clip = std::make_unique<ClipModel>();
        test::FakeProvider::Options options;
        options.frames = 1500;
        m_clip->setProvider(std::make_shared<test::FakeProvider>(options), EvidenceId{1});
        m_clip->setResults({counted()});
    }
    void addedBlinkCountsAndIsUndone()
    {
        QCOMPARE(blinkTrack(*m_clip), kFace);
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        addBlink(*m_clip, kFace, 205);
        QCOMPARE(blinks(*m_clip), std::size_t(8));
        const auto added = blinkAt(*m_clip, kFace, 205);
        QVERIFY(added && added->apex == 205);
        m_clip->undoStack()->undo();
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        m_clip->undoStack()->redo();
        removeBlink(*m_clip, *blinkAt(*m_clip, kFace, 205));
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        QVERIFY(blinksNow(*m_clip, kFace).rejected.empty()); // it was the examiner's own
    }
    void rejectedBlinkComesBack()
    {
        removeBlink(*m_clip, *blinkAt(*m_clip, kFace, 300));
        QCOMPARE(blinks(*m_clip), std::size_t(6));
        QVERIFY(!blinkAt(*m_clip, kFace, 300));
        QVERIFY(!restoreBlink(*m_clip, kFace, 500));
        QVERIFY(restoreBlink(*m_clip, kFace, 300));
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        QCOMPARE(m_clip->result(kMethod)->result.measured.events.size(), std::size_t(7)); // the method's own stay
    }
    void movedBlinkIsOneStep()
    {
        moveBlink(*m_clip, *blinkAt(*m_clip, kFace, 500), 504);
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        QVERIFY(blinkAt(*m_clip, kFace, 504)->apex == 504);
        moveBlink(*m_clip, *blinkAt(*m_clip, kFace, 504), 506); // now the examiner's own
        QVERIFY(blinkAt(*m_clip, kFace, 506)->apex == 506);
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        m_clip->undoStack()->undo();
        m_clip->undoStack()->undo();
        QVERIFY(blinkAt(*m_clip, kFace, 500)->apex == 500);
        QVERIFY(!m_clip->undoStack()->canUndo());
    }
    void keysEditAtThePlayhead()
    {
        const auto press = [&](int key, Qt::KeyboardModifiers with = {}) {
            return editBlinkByKey(*m_clip, kFace, QKeyEvent(QEvent::KeyPress, key, with));
        };
        m_clip->setPlayhead(205);
        QVERIFY(press(Qt::Key_Insert));
        QCOMPARE(blinks(*m_clip), std::size_t(8));
        QVERIFY(press(Qt::Key_Right, Qt::AltModifier));
        QCOMPARE(m_clip->playhead(), 206);
        QVERIFY(blinkAt(*m_clip, kFace, 206)->apex == 206);
        QVERIFY(!press(Qt::Key_Right)); // a step of the playhead is the player's
        QVERIFY(press(Qt::Key_Delete));
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        m_clip->setPlayhead(300);
        QVERIFY(press(Qt::Key_Delete));
        QCOMPARE(blinks(*m_clip), std::size_t(6));
        QVERIFY(press(Qt::Key_Insert)); // brings the method's own back
        QCOMPARE(blinks(*m_clip), std::size_t(7));
        QVERIFY(blinksNow(*m_clip, kFace).added.empty());
    }
    void storedChangesAreMarks()
    {
        std::vector<Mark> stored;
        connect(m_clip.get(), &ClipModel::markNeedsStoring, this, [&](const Mark &mark) { stored.push_back(mark); });
        addBlink(*m_clip, kFace, 0); // at the very start there is less room
        QCOMPARE(stored.size(), std::size_t(1));
        QCOMPARE(stored.front().label, u"Blink, face 1 (method 3.1.0)"_s);
        QCOMPARE(stored.front().range.begin, 0);
    }
    void findingShowsBothCounts()
    {
        const MethodResult result = *m_clip->result(kMethod);
        const auto text = [&] { return findingHtml(*m_clip, result, result.result.findings.front(), QPalette()); };
        QVERIFY(!text().contains(u"Corrected by the examiner"_s));
        removeBlink(*m_clip, *blinkAt(*m_clip, kFace, 300));
        QVERIFY(text().contains(u"Corrected by the examiner"_s));
        QVERIFY(text().contains(u"Counted by the method: 7 blinks"_s));
        QVERIFY(text().contains(u"With the corrections: 6 blinks"_s));
        QVERIFY(text().contains(u"kappa"_s));
        QVERIFY(!text().contains(u"another version"_s));
        m_clip->addMark({98, 103}, u"No blink, face 1 (method 2.0.0)"_s, u"#d9534f"_s);
        QVERIFY(text().contains(u"another version of the method (2.0.0; counted now: 3.1.0): 1"_s));
    }

private:
    std::unique_ptr<ClipModel> m_clip;
};

QTEST_MAIN(TestBlinkEditing)
#include "tst_blink_editing.moc"
