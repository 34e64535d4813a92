// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/common/html.h"

#include "panels/common/theme.h"

#include <QTextBrowser>

using namespace Qt::StringLiterals;

namespace fw {

namespace html {

QString escaped(const QString &text)
{
    return text.toHtmlEscaped();
}

QString style(const QPalette &palette)
{
    return u"<style>"
           "h3 { font-size: large; margin: 0 0 4px 0; }"
           "h4 { margin: 12px 0 2px 0; }"
           "p { margin: 0 0 6px 0; }"
           "ul { margin: 0 0 6px 0; -qt-list-indent: 1; }"
           "td { padding: 1px 10px 1px 0; }"
           ".q { color: %1; }"
           "a { color: %2; }"
           "</style>"_s.arg(quietText(palette).name(), palette.color(QPalette::Link).name());
}

QString heading(const QString &text)
{
    return u"<h4>"_s + escaped(text) + u"</h4>"_s;
}

QString paragraph(const QString &text)
{
    return text.isEmpty() ? QString() : u"<p>"_s + escaped(text) + u"</p>"_s;
}

QString quiet(const QString &text)
{
    return text.isEmpty() ? QString() : u"<p class='q'>"_s + escaped(text) + u"</p>"_s;
}

QString list(const QString &title, const QStringList &items)
{
    if (items.isEmpty())
        return {};
    QString text = heading(title) + u"<ul>"_s;
    for (const QString &item : items)
        text += u"<li>"_s + escaped(item) + u"</li>"_s;
    return text + u"</ul>"_s;
}

QString rowsBegin()
{
    return u"<table cellspacing='0'>"_s;
}

QString row(const QString &name, const QString &value)
{
    return value.isEmpty() ? QString() : rowHtml(name, escaped(value));
}

QString rowHtml(const QString &name, const QString &valueHtml)
{
    return u"<tr><td class='q' style='white-space: nowrap'>"_s + escaped(name) + u"</td><td>"_s
        + valueHtml + u"</td></tr>"_s;
}

QString rowsEnd()
{
    return u"</table>"_s;
}

QString frameLink(qint64 frame, const QString &text)
{
    return u"<a href='frame:%1'>%2</a>"_s.arg(QString::number(frame), escaped(text));
}

} // namespace html

qint64 frameOfLink(const QString &link)
{
    if (!link.startsWith(u"frame:"))
        return -1;
    bool ok = false;
    const qint64 frame = link.mid(6).toLongLong(&ok);
    return ok && frame >= 0 ? frame : -1;
}

void showHtml(QTextBrowser *browser, const QString &text)
{
    static constexpr char kShown[] = "fwShownText";
    if (browser->property(kShown).toString() == text)
        return;
    browser->setProperty(kShown, text);
    browser->setHtml(text);
}

} // namespace fw
