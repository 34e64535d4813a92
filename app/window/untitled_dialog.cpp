// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/untitled_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

enum Column { ClipColumn, ChangedColumn, ContentColumn };
constexpr int kPathRole = Qt::UserRole;
constexpr int kUsableRole = Qt::UserRole + 1;

} // namespace

UntitledDialog::UntitledDialog(const std::vector<UntitledCase> &cases, bool afterCrash, QWidget *parent)
    : QDialog(parent), m_list(new QTreeWidget(this)), m_question(new QLabel(this))
{
    setWindowTitle(tr("Untitled cases"));
    auto *why = new QLabel(afterCrash
                               ? tr("The program ended unexpectedly. What was finished is in these cases, which have no "
                                    "name yet.")
                               : tr("These cases were never given a name. “Save case as…” gives one to the case that is open."),
                           this);
    why->setWordWrap(true);
    m_list->setHeaderLabels({tr("Clip"), tr("Last change"), tr("Holds")});
    m_list->setAccessibleName(tr("Untitled cases"));
    m_list->setRootIsDecorated(false);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setAllColumnsShowFocus(true);
    for (const UntitledCase &one : cases)
        add(one);
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_question->setWordWrap(true);
    m_question->hide();

    auto *buttons = new QDialogButtonBox(this);
    m_open = buttons->addButton(tr("&Open"), QDialogButtonBox::AcceptRole);
    m_later = buttons->addButton(tr("&Keep for later"), QDialogButtonBox::RejectRole);
    m_discard = buttons->addButton(tr("&Discard…"), QDialogButtonBox::DestructiveRole);
    connect(m_open, &QPushButton::clicked, this, &UntitledDialog::openSelected);
    connect(m_later, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_discard, &QPushButton::clicked, this, [this] { m_asked ? discardSelected() : askToDiscard(); });
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &UntitledDialog::updateButtons);
    connect(m_list, &QTreeWidget::itemActivated, this, &UntitledDialog::openSelected);

    auto *column = new QVBoxLayout(this);
    column->addWidget(why);
    column->addWidget(m_list, 1);
    column->addWidget(m_question);
    column->addWidget(buttons);
    resize(720, 340);
    if (QTreeWidgetItem *first = m_list->topLevelItem(0))
        m_list->setCurrentItem(first);
    m_open->setDefault(true);
    updateButtons();
}

void UntitledDialog::add(const UntitledCase &one)
{
    QStringList holds;
    if (one.results > 0)
        holds << tr("%n method(s)", nullptr, int(one.results));
    if (one.words > 0)
        holds << tr("%n note(s) and marks", nullptr, int(one.words));
    if (!one.problem.isEmpty())
        holds = QStringList{tr("cannot be opened: %1").arg(one.problem)};
    const QString clips = one.clips.isEmpty() ? tr("(no clip)") : one.clips.join(u", "_s);
    auto *item = new QTreeWidgetItem(m_list, {clips, QLocale().toString(one.changed, QLocale::ShortFormat),
                                              holds.isEmpty() ? tr("nothing yet") : holds.join(u", "_s)});
    item->setData(ClipColumn, kPathRole, one.path);
    item->setData(ClipColumn, kUsableRole, one.problem.isEmpty());
    for (int c = ClipColumn; c <= ContentColumn; ++c)
        item->setToolTip(c, one.path);
}

void UntitledDialog::updateButtons()
{
    const QList<QTreeWidgetItem *> chosen = m_list->selectedItems();
    m_open->setEnabled(chosen.size() == 1 && chosen.front()->data(ClipColumn, kUsableRole).toBool());
    m_discard->setEnabled(!chosen.isEmpty());
    m_asked = false; // another choice is another question
    m_question->hide();
    m_discard->setText(tr("&Discard…"));
}

void UntitledDialog::openSelected()
{
    if (!m_open->isEnabled())
        return;
    Q_EMIT openRequested(m_list->selectedItems().front()->data(ClipColumn, kPathRole).toString());
    accept();
}

void UntitledDialog::askToDiscard()
{
    m_asked = true;
    m_question->setText(tr("Discard %n case(s) with all results, notes and marks? This cannot be undone. The clips "
                           "themselves are not touched.", nullptr, int(m_list->selectedItems().size())));
    m_question->show();
    m_discard->setText(tr("&Discard for good"));
}

void UntitledDialog::discardSelected()
{
    for (QTreeWidgetItem *item : m_list->selectedItems()) {
        const auto gone = discardCase(item->data(ClipColumn, kPathRole).toString());
        if (gone)
            delete item;
        else
            Q_EMIT failed(gone.error());
    }
    if (m_list->topLevelItemCount() == 0)
        reject();
    else
        updateButtons();
}

} // namespace fw
