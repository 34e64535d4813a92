// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace fw {

/// Actions are known by their object name; those without one, or without text, are left alone.
/// Remembers the shortcuts as they are now as the defaults. Call once, before applyShortcuts.
void rememberDefaultShortcuts(const QList<QAction *> &actions);
QList<QKeySequence> defaultShortcuts(const QAction *action);
/// What differs from the defaults, by object name, for the settings; an empty string: no shortcut.
QJsonObject changedShortcuts(const QList<QAction *> &actions);
void applyShortcuts(const QList<QAction *> &actions, const QJsonObject &changed);

/// The text of an action without its mnemonic and dots.
QString actionTitle(const QAction *action);
QString shortcutText(const QAction *action); ///< "Space", "Ctrl+O, F3", or empty
/// The first action other than `but` that has this shortcut; nullptr when it is free.
QAction *actionWithShortcut(const QList<QAction *> &actions, const QKeySequence &keys, const QAction *but);
/// One line an action: shortcut, tab, title; sorted as given.
QString shortcutsAsText(const QList<QAction *> &actions);

} // namespace fw
