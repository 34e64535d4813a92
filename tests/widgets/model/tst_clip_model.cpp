// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/clip_model.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <map>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// A clip of `frames` frames that answers nothing.
class SilentProvider final : public FrameProvider
{
public:
    explicit SilentProvider(int frames)
    {
        for (int i = 0; i < frames; ++i)
            m_clock.seconds.push_back(i / 25.0);
        m_clock.frameCount = frames;
    }
    quint64 request(FrameIndex, bool) override { return 0; }
    void requestThumbnail(FrameIndex, int) override {}
    void cancelThumbnails() override {}
    const MediaFacts &facts() const override { return m_facts; }
    const ClipClock &clock() const override { return m_clock; }

private:
    MediaFacts m_facts;
    ClipClock m_clock;
};

/// What a reader sees of marks and notes: struck items of a step that was undone are not there.
QStringList visible(const ClipModel &clip)
{
    QStringList lines;
    for (const Mark &mark : clip.marks())
        if (!mark.removed)
            lines << u"mark %1 %2-%3 %4 %5"_s.arg(qint64(mark.id)).arg(mark.range.begin).arg(mark.range.end)
                         .arg(mark.label, mark.color);
    for (const Note &note : clip.notes()) {
        QStringList earlier;
        for (const QString &text : note.earlier)
            earlier << text;
        if (!note.removed)
            lines << u"note %1 %2 %3 [%4]"_s.arg(qint64(note.id)).arg(note.frame.value_or(-1))
                         .arg(note.text, earlier.join(u'|'));
    }
    lines.sort();
    return lines;
}

MethodResult resultOf(const QString &plugin, const QString &version)
{
    MethodResult result;
    result.record.pluginId = plugin;
    result.record.pluginVersion = version;
    return result;
}

} // namespace

class TestClipModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void thePlayheadStaysInsideTheClip()
    {
        ClipModel clip;
        clip.setProvider(std::make_shared<SilentProvider>(100), EvidenceId{1});
        QSignalSpy moved(&clip, &ClipModel::playheadChanged);
        clip.setPlayhead(250);
        QCOMPARE(clip.playhead(), FrameIndex(99));
        clip.setPlayhead(-4);
        QCOMPARE(clip.playhead(), FrameIndex(0));
        QCOMPARE(moved.size(), 2);
        clip.setPlayhead(0);
        QCOMPARE(moved.size(), 2); // nothing changed, nothing said
    }

    void anotherClipClearsWhatBelongedToTheOneBefore()
    {
        ClipModel clip;
        clip.setProvider(std::make_shared<SilentProvider>(100), EvidenceId{1});
        clip.setPlayhead(40);
        clip.setInOut(10, 20);
        clip.setResult(resultOf(u"a"_s, u"1"_s));
        clip.addFaces(0, {FaceObservations(1)});
        clip.selectFinding({u"a"_s, u"f"_s});
        clip.addMark({1, 2}, u"m"_s, u"#ff0000"_s);
        Note note;
        note.text = u"kept"_s;
        clip.addNote(note);
        clip.setProvider(std::make_shared<SilentProvider>(10), EvidenceId{2});
        QCOMPARE(clip.playhead(), FrameIndex(0));
        QVERIFY(!clip.inPoint() && !clip.outPoint());
        QVERIFY(clip.results().empty());
        QVERIFY(clip.observations().faces.empty());
        QVERIFY(clip.selectedFinding().isNull());
        QVERIFY(clip.marks().empty());
        QVERIFY(!clip.undoStack()->canUndo());
        QCOMPARE(clip.notes().size(), std::size_t(1)); // notes belong to the case
    }

    void aResultReplacesTheOneOfTheSameMethod()
    {
        ClipModel clip;
        clip.setResults({resultOf(u"b"_s, u"1"_s), resultOf(u"a"_s, u"1"_s)});
        clip.setResult(resultOf(u"b"_s, u"2"_s));
        clip.setResult(resultOf(u"c"_s, u"1"_s));
        QCOMPARE(clip.results().size(), std::size_t(3));
        QCOMPARE(clip.results()[0].record.pluginId, u"a"_s);
        QCOMPARE(clip.result(u"b"_s)->record.pluginVersion, u"2"_s);
        QCOMPARE(clip.result(u"missing"_s), nullptr);
    }

    void inAndOutAreSwappedWhenTheyAreTheWrongWayRound()
    {
        ClipModel clip;
        clip.setInOut(30, 10);
        QCOMPARE(*clip.inPoint(), FrameIndex(10));
        QCOMPARE(*clip.outPoint(), FrameIndex(30));
        clip.setInOut(5, {});
        QVERIFY(!clip.outPoint());
    }

    void aCorrectedNoteKeepsItsEarlierTexts()
    {
        ClipModel clip;
        Note note;
        note.text = u"first"_s;
        const NoteId id = clip.addNote(note);
        Note changed = clip.notes().front();
        changed.text = u"second"_s;
        clip.changeNote(changed);
        QCOMPARE(clip.notes().front().id, id);
        QCOMPARE(clip.notes().front().text, u"second"_s);
        QCOMPARE(clip.notes().front().earlier, std::vector<QString>{u"first"_s});
    }

    void aChangeThatChangesNothingIsNoStep()
    {
        ClipModel clip;
        clip.addMark({1, 2}, u"m"_s, u"#ff0000"_s);
        Note note;
        note.text = u"n"_s;
        clip.addNote(note);
        const int steps = clip.undoStack()->count();
        clip.changeMark(clip.marks().front());
        clip.changeNote(clip.notes().front());
        QCOMPARE(clip.undoStack()->count(), steps);
    }

    void anySequenceOfStepsCanBeUndoneAndRedone_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 25; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void anySequenceOfStepsCanBeUndoneAndRedone()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        ClipModel clip;
        clip.setProvider(std::make_shared<SilentProvider>(500), EvidenceId{7});

        // Whoever stores the case sees one item at a time; what they hold must be what is shown.
        std::map<qint64, Mark> storedMarks;
        std::map<qint64, Note> storedNotes;
        connect(&clip, &ClipModel::markNeedsStoring, this,
                [&](const Mark &mark) { storedMarks[qint64(mark.id)] = mark; });
        connect(&clip, &ClipModel::noteNeedsStoring, this,
                [&](const Note &note) { storedNotes[qint64(note.id)] = note; });

        std::vector<QStringList> states{visible(clip)};
        QUndoStack *undo = clip.undoStack();
        for (int step = 0; step < 120; ++step) {
            const int choice = random.bounded(10);
            if (choice < 2 && undo->canUndo()) {
                undo->undo();
            } else if (choice == 2 && undo->canRedo()) {
                undo->redo();
            } else {
                change(clip, random, choice);
                states.resize(std::size_t(undo->index()));
                states.push_back(visible(clip));
            }
            QCOMPARE(visible(clip), states[std::size_t(undo->index())]);
        }
        while (undo->canUndo()) {
            undo->undo();
            QCOMPARE(visible(clip), states[std::size_t(undo->index())]);
        }
        QCOMPARE(visible(clip), QStringList());
        while (undo->canRedo()) {
            undo->redo();
            QCOMPARE(visible(clip), states[std::size_t(undo->index())]);
        }
        for (const Mark &mark : clip.marks()) {
            QCOMPARE(storedMarks[qint64(mark.id)].label, mark.label);
            QCOMPARE(storedMarks[qint64(mark.id)].removed, mark.removed);
        }
        for (const Note &note : clip.notes()) {
            QCOMPARE(storedNotes[qint64(note.id)].text, note.text);
            QCOMPARE(storedNotes[qint64(note.id)].earlier, note.earlier);
            QCOMPARE(storedNotes[qint64(note.id)].removed, note.removed);
        }
        clip.disconnect(this);
    }

private:
    /// Does one thing that makes exactly one step.
    static void change(ClipModel &clip, QRandomGenerator &random, int choice)
    {
        std::vector<Mark> marks;
        std::vector<Note> notes;
        for (const Mark &mark : clip.marks())
            if (!mark.removed)
                marks.push_back(mark);
        for (const Note &note : clip.notes())
            if (!note.removed)
                notes.push_back(note);
        const QString word = u"w%1"_s.arg(random.generate());
        if (choice <= 4 || (marks.empty() && notes.empty())) {
            const FrameIndex begin = random.bounded(400);
            if (random.bounded(2) == 0) {
                clip.addMark({begin, begin + 1 + random.bounded(50)}, word, u"#2f86d6"_s);
            } else {
                Note note;
                note.text = word;
                note.frame = begin;
                clip.addNote(note);
            }
        } else if (!marks.empty() && (notes.empty() || random.bounded(2) == 0)) {
            Mark mark = marks[random.bounded(quint32(marks.size()))];
            if (choice < 8)
                mark.label = word;
            else
                mark.removed = true;
            clip.changeMark(mark);
        } else {
            Note note = notes[random.bounded(quint32(notes.size()))];
            if (choice < 8)
                note.text = word;
            else
                note.removed = true;
            clip.changeNote(note);
        }
    }
};

QTEST_GUILESS_MAIN(TestClipModel)
#include "tst_clip_model.moc"
