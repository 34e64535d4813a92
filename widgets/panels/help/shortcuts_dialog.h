// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace fw {

/// Every action of the window with its shortcut: searchable by word or by key, editable, with a
/// warning when another action already uses the keys, and as text for the clipboard.
class ShortcutsDialog : public QDialog
{
    Q_OBJECT
public:
    /// @param actions  outlive the dialog; their defaults were remembered (see shortcuts.h).
    ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent = nullptr);

Q_SIGNALS:
    void shortcutsChanged(); ///< store them

private:
    void fill();
    void filter(const QString &text);
    void showCurrent();
    void warn();
    void assign();
    void setCurrentTo(const QList<QKeySequence> &keys);
    QAction *current() const;

    QList<QAction *> m_actions;
    QLineEdit *m_search;
    QTreeWidget *m_tree;
    QLabel *m_for, *m_warning;
    QKeySequenceEdit *m_keys;
    QPushButton *m_assign, *m_clear, *m_default, *m_allDefault;
};

} // namespace fw
