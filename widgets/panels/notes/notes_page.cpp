// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/notes/notes_page.h"

#include "panels/common/html.h"
#include "panels/common/state_stack.h"
#include "panels/common/text.h"
#include "panels/common/two_line_delegate.h"
#include "panels/notes/notes_models.h"

#include <QAction>
#include <QBoxLayout>
#include <QCheckBox>
#include <QEvent>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTextBrowser>

using namespace Qt::StringLiterals;

namespace fw {

NotesPage::NotesPage(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_clip(clip), m_notes(new NotesModel(clip, this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    splitter->addWidget(makeComposer());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    layout->addWidget(splitter);

    connect(m_notes, &QAbstractItemModel::modelReset, this, &NotesPage::updateButtons);
    connect(m_notes, &QAbstractItemModel::dataChanged, this, &NotesPage::updateButtons);
    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::selectedFindingChanged})
        connect(&clip, signal, this, [this] {
            updateLinks();
            updateButtons();
        });
    connect(&clip, &ClipModel::playheadChanged, this, &NotesPage::updateLinks);
    updateLinks();
    updateButtons();
}

QWidget *NotesPage::makeList()
{
    m_list = makeTwoLineList(m_notes, tr("Notes, newest first"));
    connect(m_list, &QListView::activated, this, &NotesPage::goToNote);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &NotesPage::updateButtons);
    m_text = new QTextBrowser;
    m_text->setOpenLinks(false);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("The selected note and its earlier versions"));
    m_text->document()->setDocumentMargin(8);
    connect(m_text, &QTextBrowser::anchorClicked, this, &NotesPage::goToNote);

    m_go = new QPushButton(tr("Go there"));
    m_edit = new QPushButton(tr("Edit"));
    m_strike = new QPushButton(tr("Strike"));
    connect(m_go, &QPushButton::clicked, this, &NotesPage::goToNote);
    connect(m_edit, &QPushButton::clicked, this, &NotesPage::beginEdit);
    connect(m_strike, &QPushButton::clicked, this, &NotesPage::toggleStruck);

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list, 3);
    column->addWidget(m_text, 2);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 4, 8, 4);
    bar->addWidget(m_go);
    bar->addWidget(m_edit);
    bar->addWidget(m_strike);
    bar->addStretch();
    column->addLayout(bar);
    m_state = new StateStack(content);

    return m_state;
}

QWidget *NotesPage::makeComposer()
{
    m_composerTitle = new QLabel;
    m_composer = new QPlainTextEdit;
    m_composer->setTabChangesFocus(true);
    m_composer->setAccessibleName(tr("Text of the note"));
    m_composer->setPlaceholderText(tr("What did you see? Notes go into the report."));
    m_composerTitle->setBuddy(m_composer);
    m_atFrame = new QCheckBox;
    m_atFrame->setChecked(true);
    m_onFinding = new QCheckBox;
    m_save = new QPushButton;
    m_discard = new QPushButton(tr("Discard"));
    connect(m_composer, &QPlainTextEdit::textChanged, this, &NotesPage::updateButtons);
    connect(m_save, &QPushButton::clicked, this, &NotesPage::save);
    connect(m_discard, &QPushButton::clicked, this, &NotesPage::endEdit);
    auto *enter = new QAction(m_composer);
    enter->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    enter->setShortcutContext(Qt::WidgetShortcut);
    connect(enter, &QAction::triggered, this, &NotesPage::save);
    m_composer->addAction(enter);
    m_save->setToolTip(tr("Ctrl+Enter"));

    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_composerTitle);
    column->addWidget(m_composer, 1);
    column->addWidget(m_atFrame);
    column->addWidget(m_onFinding);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_save);
    bar->addWidget(m_discard);
    bar->addStretch();
    column->addLayout(bar);
    return box;
}

void NotesPage::updateLinks()
{
    m_atFrame->setVisible(m_clip.provider() != nullptr);
    m_atFrame->setText(tr("at %1").arg(placeText(m_clip.playhead(), m_clip.clock())));
    const FindingRef ref = m_clip.selectedFinding();
    const MethodResult *result = m_clip.result(ref.pluginId);
    QString title = ref.findingId;
    if (result)
        for (const Finding &finding : result->result.findings)
            if (finding.id == ref.findingId)
                title = finding.title;
    m_onFinding->setVisible(!ref.isNull());
    m_onFinding->setText(tr("on the finding “%1”").arg(fontMetrics().elidedText(title, Qt::ElideRight, 220)));
    m_onFinding->setToolTip(title);
}

void NotesPage::updateButtons()
{
    if (m_notes->rowCount() == 0)
        m_state->showMessage(tr("No notes yet"), tr("Write what you see; the report prints it."));
    else
        m_state->showContent();
    if (m_editing && m_notes->rowOf(*m_editing) < 0)
        m_editing.reset();
    const Note *note = current();
    m_go->setEnabled(note && (note->frame || note->findingId));
    m_edit->setEnabled(note && !note->removed);
    m_strike->setEnabled(note);
    m_strike->setText(note && note->removed ? tr("Restore") : tr("Strike"));
    m_composerTitle->setText(m_editing ? tr("A new version of the note") : tr("New note"));
    m_save->setText(m_editing ? tr("Save version") : tr("Add note"));
    m_save->setEnabled(!m_composer->toPlainText().trimmed().isEmpty());
    m_discard->setVisible(m_editing.has_value() || m_save->isEnabled());
    m_atFrame->setEnabled(!m_editing); // a correction keeps the links of the note
    m_onFinding->setEnabled(!m_editing);
    showNote();
}

const Note *NotesPage::current() const
{
    return m_notes->rowAt(m_list->currentIndex().row());
}

void NotesPage::showNote()
{
    const Note *note = current();
    QString text = html::style(palette());
    if (!note) {
        text += html::quiet(tr("Select a note to read it in full."));
        return showHtml(m_text, text);
    }
    const QString body = html::escaped(note->text).replace(u'\n', u"<br>"_s);
    text += u"<p>"_s + (note->removed ? u"<s>"_s + body + u"</s>"_s : body) + u"</p>"_s;
    if (note->frame && note->evidence == m_clip.evidence())
        text += u"<p>"_s + html::frameLink(*note->frame, placeText(*note->frame, m_clip.clock())) + u"</p>"_s;
    for (std::size_t i = note->earlier.size(); i-- > 0;)
        text += html::heading(tr("Earlier version %1").arg(i + 1)) + html::quiet(note->earlier[i]);
    showHtml(m_text, text);
}

void NotesPage::focusComposer()
{
    m_composer->setFocus(Qt::OtherFocusReason);
}

void NotesPage::save()
{
    const QString text = m_composer->toPlainText().trimmed();
    if (text.isEmpty())
        return;
    NoteId saved{};
    if (m_editing) {
        saved = *m_editing;
        if (const Note *before = m_notes->rowAt(m_notes->rowOf(saved))) {
            Note note = *before;
            note.text = text;
            if (!m_author.isEmpty())
                note.author = m_author;
            m_clip.changeNote(note);
        }
    } else {
        Note note;
        note.text = text;
        note.author = m_author;
        if (m_clip.provider())
            note.evidence = m_clip.evidence();
        if (m_clip.provider() && m_atFrame->isChecked())
            note.frame = m_clip.playhead();
        if (!m_clip.selectedFinding().isNull() && m_onFinding->isChecked())
            note.findingId = m_clip.selectedFinding().text();
        saved = m_clip.addNote(note);
    }
    endEdit();
    m_list->setCurrentIndex(m_notes->index(m_notes->rowOf(saved)));
}

void NotesPage::beginEdit()
{
    const Note *note = current();
    if (!note)
        return;
    m_editing = note->id;
    m_composer->setPlainText(note->text);
    focusComposer();
    updateButtons();
}

void NotesPage::endEdit()
{
    m_editing.reset();
    m_composer->clear();
    updateButtons();
}

void NotesPage::toggleStruck()
{
    if (const Note *note = current()) {
        Note changed = *note;
        changed.removed = !changed.removed;
        m_clip.changeNote(changed);
    }
}

void NotesPage::goToNote()
{
    const Note *note = current();
    if (!note || (note->evidence && note->evidence != m_clip.evidence()))
        return;
    if (note->findingId)
        m_clip.selectFinding({note->findingId->section(u'/', 0, 0), note->findingId->section(u'/', 1)});
    if (note->frame)
        m_clip.setPlayhead(*note->frame);
}

void NotesPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (m_state && event->type() == QEvent::PaletteChange)
        showNote();
}

} // namespace fw
