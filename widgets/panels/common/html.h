// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPalette>
#include <QString>
#include <QStringList>

class QTextBrowser;

namespace fw {

/// Rich text in the window's colours. Everything that comes from a file or a plugin passes through
/// `escaped`: evidence is hostile until shown otherwise.
namespace html {

QString escaped(const QString &text);
/// A style block for QTextBrowser: headings, quiet text, tables, links.
QString style(const QPalette &palette);
QString heading(const QString &text);
QString paragraph(const QString &text); ///< escapes; empty text gives nothing
QString quiet(const QString &text);     ///< escapes
/// A heading and a list; nothing when the list is empty.
QString list(const QString &title, const QStringList &items);
QString rowsBegin();
QString row(const QString &name, const QString &value); ///< escapes both; skips empty values
QString rowHtml(const QString &name, const QString &valueHtml);
QString rowsEnd();
/// A link that the panels understand as "go to this frame".
QString frameLink(qint64 frame, const QString &text);

} // namespace html

/// The frame of a link made by html::frameLink; -1 for any other link.
qint64 frameOfLink(const QString &link);

/// Shows the text; leaves the reader's place alone when nothing changed.
void showHtml(QTextBrowser *browser, const QString &text);

} // namespace fw
