// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text_box.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

constexpr double kLeading = 1.22; // line distance over font size; print reads better with some air

} // namespace

QFont reportFont(double points, Face face)
{
    QFont font;
    if (face == Face::Mono) {
        font.setFamilies(
            {u"Noto Sans Mono"_s, u"Liberation Mono"_s, u"DejaVu Sans Mono"_s, u"monospace"_s});
        font.setFixedPitch(true);
    } else {
        font.setFamilies({u"Noto Sans"_s, u"Liberation Sans"_s, u"DejaVu Sans"_s, u"sans-serif"_s});
    }
    font.setBold(face == Face::Bold);
    font.setPixelSize(int(std::lround(pt(points))));
    font.setHintingPreference(QFont::PreferNoHinting);
    // Any letter spacing keeps Qt from joining "fi" to one sign, which no search would find.
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.02);
    return font;
}

TextBox::TextBox(const QString &text, const QFont &font, double width, bool right)
{
    QString shown = text;
    shown.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n').replace(u'\n', QChar::LineSeparator);
    QTextOption option(right ? Qt::AlignRight : Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_layout = std::make_shared<QTextLayout>(shown, font);
    m_layout->setTextOption(option);
    m_layout->setCacheEnabled(true);
    const QFontMetricsF metrics(font);
    m_lineHeight = font.pixelSize() * kLeading;
    m_ascent = metrics.ascent();
    m_layout->beginLayout();
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine())
        line.setLineWidth(width);
    m_layout->endLayout();
}

int TextBox::lines() const
{
    return m_layout ? m_layout->lineCount() : 0;
}

void TextBox::draw(QPainter &painter, QPointF at, const QColor &color, int first, int count) const
{
    painter.setPen(color);
    const int end = count < 0 ? lines() : std::min(lines(), first + count);
    for (int i = first; i < end; ++i) {
        // A line of a fallback font is taller; pitch and base line follow the main font all the
        // same.
        const QTextLine line = m_layout->lineAt(i);
        line.draw(&painter, at + QPointF(0, m_ascent - line.ascent()) - QPointF(0, line.y()));
        at.ry() += m_lineHeight;
    }
}

} // namespace fw::report
