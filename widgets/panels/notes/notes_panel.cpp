// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/notes/notes_panel.h"

#include "panels/notes/marks_page.h"
#include "panels/notes/notes_models.h"
#include "panels/notes/notes_page.h"

#include <QAction>
#include <QBoxLayout>
#include <QTabWidget>
#include <QToolButton>

namespace fw {

namespace {

/// A button that says one word while the action's text names what would be undone.
QToolButton *makeButton(QAction *action, const QString &word)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    const auto shorten = [button, action, word] {
        button->setText(word);
        button->setToolTip(action->text());
        button->setAccessibleName(action->text());
    };
    QObject::connect(action, &QAction::changed, button, shorten);
    shorten();
    return button;
}

} // namespace

NotesPanel::NotesPanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_tabs(new QTabWidget), m_notes(new NotesPage(clip)), m_marks(new MarksPage(clip))
{
    m_tabs->setAccessibleName(tr("Notes and marks"));
    setAccessibleName(tr("Notes and marks"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_notes, QString());
    m_tabs->addTab(m_marks, QString());
    auto *corner = new QWidget;
    auto *row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 0, 4, 0);
    row->setSpacing(2);
    row->addWidget(makeButton(clip.undoStack()->createUndoAction(this, tr("Undo")), tr("Undo")));
    row->addWidget(makeButton(clip.undoStack()->createRedoAction(this, tr("Redo")), tr("Redo")));
    m_tabs->setCornerWidget(corner);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);

    connect(&m_notes->model(), &QAbstractItemModel::modelReset, this, &NotesPanel::updateTitles);
    connect(&m_marks->model(), &QAbstractItemModel::modelReset, this, &NotesPanel::updateTitles);
    updateTitles();
}

void NotesPanel::setAuthor(const QString &author)
{
    m_notes->setAuthor(author);
}

void NotesPanel::updateTitles()
{
    m_tabs->setTabText(0, tr("Notes (%1)").arg(m_notes->model().rowCount()));
    m_tabs->setTabText(1, tr("Marks (%1)").arg(m_marks->model().rowCount()));
}

void NotesPanel::writeNote()
{
    m_tabs->setCurrentWidget(m_notes);
    m_notes->focusComposer();
}

void NotesPanel::addMarkAtPlayhead()
{
    m_marks->addMark();
}

} // namespace fw
