// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/notes/marks_page.h"

#include "paint/color_map.h"
#include "panels/common/state_stack.h"
#include "panels/common/two_line_delegate.h"
#include "panels/notes/notes_models.h"

#include <QAction>
#include <QBoxLayout>
#include <QListView>
#include <QMenu>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kMarkColors = 8;

} // namespace

MarksPage::MarksPage(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_clip(clip), m_marks(new MarksModel(clip, this))
{
    m_list = makeTwoLineList(m_marks, tr("Marks by place"));
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    connect(m_list, &QListView::activated, this, &MarksPage::goToMark);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &MarksPage::updateButtons);
    m_add = new QPushButton(tr("Add"));
    m_add->setToolTip(tr("Mark the frame at the playhead, or the range from in to out"));
    m_go = new QPushButton(tr("Go there"));
    m_label = new QPushButton(tr("Label"));
    m_color = new QPushButton(tr("Colour"));
    m_remove = new QPushButton(tr("Remove"));
    connect(m_add, &QPushButton::clicked, this, &MarksPage::addMark);
    connect(m_go, &QPushButton::clicked, this, &MarksPage::goToMark);
    connect(m_label, &QPushButton::clicked, this, [this] { m_list->edit(m_list->currentIndex()); });
    connect(m_color, &QPushButton::clicked, this, &MarksPage::changeColor);
    connect(m_remove, &QPushButton::clicked, this, &MarksPage::removeMark);
    auto *remove = new QAction(m_list);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    connect(remove, &QAction::triggered, this, &MarksPage::removeMark);
    m_list->addAction(remove);

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list, 1);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 4, 8, 4);
    for (QPushButton *button : {m_go, m_label, m_color, m_remove})
        bar->addWidget(button);
    bar->addStretch();
    column->addLayout(bar);
    m_state = new StateStack(content);

    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_state, 1);
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(8, 0, 8, 8);
    bottom->addWidget(m_add);
    bottom->addStretch();
    all->addLayout(bottom);

    connect(m_marks, &QAbstractItemModel::modelReset, this, &MarksPage::updateButtons);
    connect(&clip, &ClipModel::clipChanged, this, &MarksPage::updateButtons);
    updateButtons();
}

void MarksPage::updateButtons()
{
    if (!m_clip.provider())
        m_state->showMessage(tr("No file is open"), tr("Marks belong to a file."));
    else if (m_marks->rowCount() == 0)
        m_state->showMessage(tr("No marks yet"), tr("Press M to mark the frame that you see."));
    else
        m_state->showContent();
    m_add->setEnabled(m_clip.provider() != nullptr);
    const bool any = current() != nullptr;
    for (QPushButton *button : {m_go, m_label, m_color, m_remove})
        button->setEnabled(any);
}

const Mark *MarksPage::current() const
{
    return m_marks->rowAt(m_list->currentIndex().row());
}

void MarksPage::addMark()
{
    if (!m_clip.provider())
        return;
    FrameRange range{m_clip.playhead(), m_clip.playhead() + 1};
    if (m_clip.inPoint() && m_clip.outPoint())
        range = {*m_clip.inPoint(), *m_clip.outPoint() + 1};
    const int number = int(m_clip.marks().size());
    const MarkId id = m_clip.addMark(range, tr("Mark %1").arg(number + 1),
                                     seriesColor(number % kMarkColors).name());
    m_list->setCurrentIndex(m_marks->index(m_marks->rowOf(id)));
}

void MarksPage::goToMark()
{
    if (const Mark *mark = current())
        m_clip.setPlayhead(mark->range.begin);
}

void MarksPage::changeColor()
{
    const Mark *mark = current();
    if (!mark)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int i = 0; i < kMarkColors; ++i) {
        QPixmap swatch(16, 16);
        swatch.fill(seriesColor(i));
        menu->addAction(QIcon(swatch), tr("Colour %1").arg(i + 1), this, [this, i, changed = *mark]() mutable {
            changed.color = seriesColor(i).name();
            m_clip.changeMark(changed);
        });
    }
    menu->popup(m_color->mapToGlobal(QPoint(0, m_color->height())));
}

void MarksPage::removeMark()
{
    if (const Mark *mark = current()) {
        Mark changed = *mark;
        changed.removed = true;
        m_clip.changeMark(changed);
    }
}

} // namespace fw
