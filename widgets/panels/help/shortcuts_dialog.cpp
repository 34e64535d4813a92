// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/help/shortcuts_dialog.h"

#include "panels/help/shortcuts.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(560, 560);
    for (QAction *action : actions)
        if (!action->isSeparator() && !action->text().isEmpty() && !action->objectName().isEmpty())
            m_actions << action;

    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Search by word or key, for example “frame” or “Ctrl+G”"));
    m_search->setAccessibleName(tr("Search shortcuts"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
    m_tree = new QTreeWidget;
    m_tree->setHeaderLabels({tr("Action"), tr("Shortcut")});
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setAccessibleName(tr("Actions and their shortcuts"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ShortcutsDialog::showCurrent);

    m_for = new QLabel;
    m_for->setWordWrap(true);
    m_keys = new QKeySequenceEdit;
    m_keys->setAccessibleName(tr("New keys for the selected action"));
    connect(m_keys, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutsDialog::warn);
    m_warning = new QLabel;
    m_warning->setWordWrap(true);
    m_assign = new QPushButton(tr("Assign"));
    m_clear = new QPushButton(tr("Remove"));
    m_default = new QPushButton(tr("Default"));
    m_allDefault = new QPushButton(tr("All defaults"));
    auto *copy = new QPushButton(tr("Copy as text"));
    for (QPushButton *button : {m_assign, m_clear, m_default, m_allDefault, copy})
        button->setAutoDefault(false); // Enter belongs to the key field
    connect(m_assign, &QPushButton::clicked, this, &ShortcutsDialog::assign);
    connect(m_clear, &QPushButton::clicked, this, [this] { setCurrentTo({}); });
    connect(m_default, &QPushButton::clicked, this, [this] {
        if (const QAction *action = current())
            setCurrentTo(defaultShortcuts(action));
    });
    connect(m_allDefault, &QPushButton::clicked, this, [this] {
        for (QAction *action : m_actions)
            action->setShortcuts(defaultShortcuts(action));
        fill();
        Q_EMIT shortcutsChanged();
    });
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(shortcutsAsText(m_actions)); });

    auto *edit = new QHBoxLayout;
    edit->addWidget(m_keys, 1);
    edit->addWidget(m_assign);
    edit->addWidget(m_clear);
    edit->addWidget(m_default);
    auto *box = new QDialogButtonBox(QDialogButtonBox::Close);
    box->addButton(copy, QDialogButtonBox::ActionRole);
    box->addButton(m_allDefault, QDialogButtonBox::ResetRole);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_search);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_for);
    layout->addLayout(edit);
    layout->addWidget(m_warning);
    layout->addWidget(box);
    fill();
}

QAction *ShortcutsDialog::current() const
{
    const int row = m_tree->indexOfTopLevelItem(m_tree->currentItem());
    return row >= 0 ? m_actions[row] : nullptr;
}

void ShortcutsDialog::fill()
{
    const int row = std::max(0, m_tree->indexOfTopLevelItem(m_tree->currentItem()));
    {
        const QSignalBlocker quiet(m_tree);
        m_tree->clear();
        for (const QAction *action : m_actions) {
            auto *item = new QTreeWidgetItem(m_tree, {actionTitle(action), shortcutText(action)});
            item->setToolTip(0, action->toolTip());
            QFont font = m_tree->font();
            font.setBold(action->shortcuts() != defaultShortcuts(action));
            item->setFont(1, font);
        }
        if (row < m_tree->topLevelItemCount())
            m_tree->setCurrentItem(m_tree->topLevelItem(row));
    }
    filter(m_search->text());
    showCurrent();
}

void ShortcutsDialog::filter(const QString &text)
{
    const QString wanted = text.trimmed();
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem *item = m_tree->topLevelItem(i);
        item->setHidden(!item->text(0).contains(wanted, Qt::CaseInsensitive)
                        && !item->text(1).contains(wanted, Qt::CaseInsensitive));
    }
}

void ShortcutsDialog::showCurrent()
{
    const QAction *action = current();
    m_for->setText(action ? tr("Keys for “%1”:").arg(actionTitle(action)) : tr("Select an action."));
    m_keys->setEnabled(action);
    m_keys->setKeySequence(action ? action->shortcut() : QKeySequence());
    warn();
}

void ShortcutsDialog::warn()
{
    const QAction *action = current();
    const QKeySequence keys = m_keys->keySequence();
    const QAction *other = action ? actionWithShortcut(m_actions, keys, action) : nullptr;
    m_warning->setText(other ? tr("“%1” uses these keys. Assigning them takes them away from it.")
                                   .arg(actionTitle(other))
                             : QString());
    m_assign->setEnabled(action && !keys.isEmpty() && action->shortcut() != keys);
    m_clear->setEnabled(action && !action->shortcuts().isEmpty());
    m_default->setEnabled(action && action->shortcuts() != defaultShortcuts(action));
    m_allDefault->setEnabled(std::any_of(m_actions.begin(), m_actions.end(), [](const QAction *a) {
        return a->shortcuts() != defaultShortcuts(a);
    }));
}

void ShortcutsDialog::assign()
{
    QAction *action = current();
    const QKeySequence keys = m_keys->keySequence();
    if (!action || keys.isEmpty())
        return;
    while (QAction *other = actionWithShortcut(m_actions, keys, action)) {
        QList<QKeySequence> left = other->shortcuts();
        left.removeAll(keys);
        other->setShortcuts(left);
    }
    setCurrentTo({keys});
}

void ShortcutsDialog::setCurrentTo(const QList<QKeySequence> &keys)
{
    if (QAction *action = current()) {
        action->setShortcuts(keys);
        fill();
        Q_EMIT shortcutsChanged();
    }
}

} // namespace fw
