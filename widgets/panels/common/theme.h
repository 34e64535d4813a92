// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>
#include <QStringList>

class QApplication;

namespace fw {

enum class ThemeKind { Dark, Light, HighContrast };

/// The only three sizes of text in the window, relative to the base size.
enum class TextSize { Small, Body, Title };

/// Pins the Fusion style, one palette and one font family, so that the window looks the same on
/// every desktop and its screenshots can be compared.
/// @param percent  size of all text, 100 to 200.
void applyTheme(QApplication &app, ThemeKind kind, int percent = 100);

QPalette themePalette(ThemeKind kind);
/// Whether light text stands on a dark ground; decides which shade of a verdict colour is used.
bool isDark(const QPalette &palette);
/// `base` at one of the three sizes; pass the widget's own font so that it follows the user's size.
QFont textFont(const QFont &base, TextSize size);
/// Between text and ground, readable (at least 4.5 : 1): for captions and hints.
QColor quietText(const QPalette &palette);
/// Black or white, whichever reads better on `ground`.
QColor inkOn(const QColor &ground);
/// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(const QColor &a, const QColor &b);

/// "dark", "light", "high-contrast", for settings and the menu.
QString themeName(ThemeKind kind);
ThemeKind themeFromName(const QString &name); ///< unknown names give Dark
QString themeTitle(ThemeKind kind);

} // namespace fw
