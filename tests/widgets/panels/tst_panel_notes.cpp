// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/notes/marks_page.h"
#include "panels/notes/notes_models.h"
#include "panels/notes/notes_page.h"
#include "panels/notes/notes_panel.h"
#include "sample_clip.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QTextBrowser>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

QPushButton *buttonOf(QWidget *page, const QString &text)
{
    for (QPushButton *button : page->findChildren<QPushButton *>())
        if (button->text() == text)
            return button;
    qFatal("no button %s", qPrintable(text));
}

} // namespace

class TestNotes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s)); }

    void theModelsKeepTheirPromises()
    {
        ClipModel clip;
        NotesModel notes(clip);
        MarksModel marks(clip);
        QAbstractItemModelTester a(&notes, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester b(&marks, QAbstractItemModelTester::FailureReportingMode::QtTest);
        test::fill(clip);
        QCOMPARE(notes.rowCount(), 1);
        QCOMPARE(marks.rowCount(), 2);
        while (clip.undoStack()->canUndo())
            clip.undoStack()->undo();
        while (clip.undoStack()->canRedo())
            clip.undoStack()->redo();
        QCOMPARE(marks.rowCount(), 2);
        clip.setProvider(nullptr, {});
        QCOMPARE(marks.rowCount(), 0);
    }

    void aNoteIsLinkedToTheFrameAndTheFinding()
    {
        ClipModel clip;
        test::fill(clip);
        NotesPanel panel(clip);
        panel.setAuthor(u"A. Examiner"_s);
        panel.resize(360, 600);
        panel.show();
        clip.setPlayhead(312);
        clip.selectFinding({test::kPose, u"pose.face-0"_s});
        panel.writeNote();
        auto *composer = panel.findChild<QPlainTextEdit *>();
        auto *page = panel.findChild<NotesPage *>();
        QVERIFY(!buttonOf(page, u"Add note"_s)->isEnabled()); // nothing written
        QTest::keyClicks(composer, u"The jaw moves alone"_s);
        for (QCheckBox *box : page->findChildren<QCheckBox *>())
            box->setChecked(true);
        buttonOf(page, u"Add note"_s)->click();
        const Note &note = clip.notes().back();
        QCOMPARE(note.text, u"The jaw moves alone"_s);
        QCOMPARE(*note.frame, FrameIndex(312));
        QCOMPARE(*note.findingId, test::kPose + u"/pose.face-0"_s);
        QCOMPARE(note.author, u"A. Examiner"_s);
        QVERIFY(composer->toPlainText().isEmpty());

        clip.setPlayhead(0);
        clip.selectFinding({});
        QTest::keyClick(page->findChild<QListView *>(), Qt::Key_Return); // the new note is selected
        QCOMPARE(clip.playhead(), FrameIndex(312));
        QCOMPARE(clip.selectedFinding().findingId, u"pose.face-0"_s);
    }

    void aCorrectionShowsTheEarlierVersion()
    {
        ClipModel clip;
        test::fill(clip);
        NotesPanel panel(clip);
        panel.resize(360, 600);
        panel.show();
        auto *page = panel.findChild<NotesPage *>();
        auto *list = page->findChild<QListView *>();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::mouseClick(buttonOf(page, u"Edit"_s), Qt::LeftButton);
        auto *composer = page->findChild<QPlainTextEdit *>();
        QVERIFY(composer->toPlainText().contains(u"covers the chin"_s));
        composer->setPlainText(u"Third text"_s);
        QTest::mouseClick(buttonOf(page, u"Save version"_s), Qt::LeftButton);
        QCOMPARE(clip.notes().front().earlier.size(), std::size_t(2));
        const QString shown = page->findChild<QTextBrowser *>()->toPlainText();
        QVERIFY(shown.startsWith(u"Third text"_s));
        QVERIFY(shown.contains(u"Earlier version 2"_s) && shown.contains(u"Earlier version 1"_s));
        clip.undoStack()->undo();
        QVERIFY(page->findChild<QTextBrowser *>()->toPlainText().startsWith(u"The left hand"_s));
    }

    void discardingAnEditChangesNothing()
    {
        ClipModel clip;
        test::fill(clip);
        NotesPage page(clip);
        page.show();
        auto *list = page.findChild<QListView *>();
        list->setCurrentIndex(list->model()->index(0, 0));
        const int steps = clip.undoStack()->count();
        QTest::mouseClick(buttonOf(&page, u"Edit"_s), Qt::LeftButton);
        page.findChild<QPlainTextEdit *>()->setPlainText(u"other"_s);
        QTest::mouseClick(buttonOf(&page, u"Discard"_s), Qt::LeftButton);
        QCOMPARE(clip.undoStack()->count(), steps);
        buttonOf(&page, u"Add note"_s); // composes a new note again
    }

    void aStruckNoteStaysReadableAndComesBack()
    {
        ClipModel clip;
        test::fill(clip);
        NotesPage page(clip);
        page.show();
        auto *list = page.findChild<QListView *>();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::mouseClick(buttonOf(&page, u"Strike"_s), Qt::LeftButton);
        QVERIFY(clip.notes().front().removed);
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(!buttonOf(&page, u"Edit"_s)->isEnabled());
        QTest::mouseClick(buttonOf(&page, u"Restore"_s), Qt::LeftButton);
        QVERIFY(!clip.notes().front().removed);
    }

    void aNoteOfAnotherFileDoesNotMoveThisOne()
    {
        ClipModel clip;
        test::fill(clip);
        Note note;
        note.text = u"elsewhere"_s;
        note.evidence = EvidenceId{99};
        note.frame = 700;
        clip.addNote(note);
        NotesPage page(clip);
        page.show();
        auto *list = page.findChild<QListView *>();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(clip.playhead(), FrameIndex(0));
    }

    void marksAreAddedLabelledAndRemovedByKeys()
    {
        ClipModel clip;
        clip.setProvider(std::make_shared<test::SampleProvider>(), EvidenceId{1});
        MarksPage page(clip);
        page.resize(360, 500);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        clip.setPlayhead(200);
        page.addMark();
        clip.setInOut(300, 349);
        page.addMark();
        QCOMPARE(clip.marks()[0].range, (FrameRange{200, 201}));
        QCOMPARE(clip.marks()[1].range, (FrameRange{300, 350})); // out is inclusive
        auto *list = page.findChild<QListView *>();
        list->setFocus();
        QTest::keyClick(list, Qt::Key_F2);
        auto *editor = list->findChild<QLineEdit *>();
        QVERIFY(editor);
        QTest::keyClicks(editor, u"Cut"_s);
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(clip.marks()[1].label, u"Cut"_s);
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(list->model()->rowCount(), 1);
        clip.undoStack()->undo();
        QCOMPARE(list->model()->rowCount(), 2);
        QCOMPARE(list->model()->index(1, 0).data().toString(), u"Cut"_s);
    }

    void withoutAFileNoMarkCanBeAdded()
    {
        ClipModel clip;
        MarksPage page(clip);
        QVERIFY(!buttonOf(&page, u"Add"_s)->isEnabled());
        page.addMark();
        QVERIFY(clip.marks().empty());
    }
};

QTEST_MAIN(TestNotes)
#include "tst_panel_notes.moc"
