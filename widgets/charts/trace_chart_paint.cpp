// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/trace_chart.h"

#include "paint/chart_layout.h"

#include <QFontMetricsF>
#include <QGraphicsLineItem>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

/// The text colour, mixed with the ground: 1 is text, 0 is ground.
QColor TraceChart::ink(double share) const
{
    const QColor text = palette().color(QPalette::Text), ground = palette().color(QPalette::Base);
    const auto mix = [&](int a, int b) { return int(std::lround(a * share + b * (1 - share))); };
    return QColor(mix(text.red(), ground.red()), mix(text.green(), ground.green()),
                  mix(text.blue(), ground.blue()));
}

void TraceChart::restyle()
{
    setBackgroundBrush(palette().color(QPalette::Base));
    m_playheadLine->setPen(QPen(palette().color(QPalette::Text), 1.5));
}

void TraceChart::drawBackground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawBackground(painter, rect);
    painter->save();
    painter->resetTransform();
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(ink(0.14));
    for (double time : m_timeTicks.values) {
        const double x = std::round(positionOf(time, 0).x());
        painter->drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
    }
    for (double value : m_valueTicks.values) {
        const double y = std::round(positionOf(0, value).y());
        painter->drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
    }
    painter->setPen(ink(0.4));
    painter->drawLine(m_plot.bottomLeft(), m_plot.bottomRight());
    painter->drawLine(m_plot.topLeft(), m_plot.bottomLeft());
    painter->restore();
}

void TraceChart::drawForeground(QPainter *painter, const QRectF &)
{
    painter->save();
    painter->resetTransform();
    painter->setFont(font());
    painter->setRenderHint(QPainter::Antialiasing, false);
    drawAxes(*painter);
    drawEvents(*painter);
    drawThresholds(*painter);
    const bool any = std::ranges::any_of(m_curves, [](const Curve &c) {
        return std::ranges::any_of(c.lines, [](const QLineSeries *s) { return s->isVisible(); });
    });
    if (!any) {
        const bool hidden = std::ranges::find(m_visible, true) == m_visible.end();
        painter->setPen(ink(0.7));
        painter->drawText(m_plot, Qt::AlignCenter,
                          hidden ? tr("All curves are switched off") : tr("Nothing was measured here"));
    }
    if (hasFocus()) {
        painter->setPen(palette().color(QPalette::Highlight));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

void TraceChart::drawAxes(QPainter &painter) const
{
    const QFontMetricsF metrics(font());
    const double line = metrics.height();
    painter.setPen(ink(0.8));
    double free = -1e9;
    for (double time : m_timeTicks.values) {
        const QString text = timeTickText(time, m_timeTicks.step);
        const double width = metrics.horizontalAdvance(text);
        const double left = std::clamp(positionOf(time, 0).x() - width / 2, m_plot.left() - width / 2,
                                       viewport()->width() - width - 2);
        if (left < free + 6)
            continue;
        painter.drawText(QPointF(left, m_plot.bottom() + 4 + metrics.ascent()), text);
        free = left + width;
    }
    free = 1e9;
    for (double value : m_valueTicks.values) { // upwards; a label that would touch is left out
        const double y = positionOf(0, value).y();
        if (y + line / 2 > free + 1)
            continue;
        painter.drawText(QRectF(0, y - line / 2, m_plot.left() - 6, line), Qt::AlignRight | Qt::AlignVCenter,
                         valueTickText(value, m_valueTicks.step));
        free = y - line / 2;
    }
    if (const QString units = chartUnits(m_group.traces); !units.isEmpty()) {
        painter.save();
        painter.translate(2, m_plot.center().y());
        painter.rotate(-90);
        painter.drawText(QRectF(-m_plot.height() / 2, 0, m_plot.height(), line), Qt::AlignCenter,
                         metrics.elidedText(units, Qt::ElideRight, m_plot.height()));
        painter.restore();
    }
}

void TraceChart::drawEvents(QPainter &painter) const
{
    if (m_seconds.empty())
        return;
    const auto timeOf = [&](FrameIndex frame) {
        return m_seconds[std::size_t(std::clamp<FrameIndex>(frame, 0, FrameIndex(m_seconds.size()) - 1))];
    };
    QColor fill(0xe0, 0xa0, 0x20, 46), mark(0xc8, 0x8a, 0x10);
    double marked = -1e9;
    for (const Event *event : m_group.events) {
        const double begin = timeOf(event->range.begin);
        const double end = timeOf(std::max(event->range.begin, event->range.end - 1));
        if (end < m_x.low || begin > m_x.high)
            continue;
        const double left = std::max(positionOf(begin, 0).x(), m_plot.left());
        const double right = std::min(positionOf(end, 0).x(), m_plot.right());
        if (right - left >= 1.0)
            painter.fillRect(QRectF(left, m_plot.top(), right - left, m_plot.height()), fill);
        const double at = std::clamp(positionOf(timeOf(event->apex.value_or(event->range.begin)), 0).x(),
                                     m_plot.left(), m_plot.right());
        if (at - marked < 2.0) // thousands of events are one stripe
            continue;
        marked = at;
        painter.fillRect(QRectF(at - 1, m_plot.bottom() - 6, 2, 6), mark);
    }
}

void TraceChart::drawThresholds(QPainter &painter) const
{
    struct Line
    {
        double value;
        QString label;
    };
    std::vector<Line> lines;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        if (!m_visible[i])
            continue;
        for (const Threshold &t : m_group.traces[i]->thresholds) {
            const bool known = std::ranges::any_of(
                lines, [&](const Line &l) { return l.value == t.value && l.label == t.label; });
            if (!known && t.value >= m_y.low && t.value <= m_y.high)
                lines.push_back({t.value, t.label});
        }
    }
    const QFontMetricsF metrics(font());
    const double line = metrics.height();
    std::vector<double> wanted;
    for (const Line &l : lines) { // just above its line, or below where another one runs
        const double y = positionOf(0, l.value).y();
        const bool taken = std::ranges::any_of(lines, [&](const Line &other) {
            const double above = y - positionOf(0, other.value).y();
            return above > 0.0 && above < 1.2 * line;
        });
        wanted.push_back(y + (taken ? 0.6 : -0.6) * line);
    }
    const std::vector<double> places = spreadLabels(wanted, line, m_plot.top(), m_plot.bottom());
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    const QColor color = dark ? QColor(0xff, 0xa0, 0x78) : QColor(0xa0, 0x30, 0x10);
    QColor ground = palette().color(QPalette::Base);
    ground.setAlpha(215);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const double y = std::round(positionOf(0, lines[i].value).y());
        painter.setPen(QPen(color, 1, Qt::DashLine));
        painter.drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
        const QString text = metrics.elidedText(lines[i].label, Qt::ElideRight, m_plot.width() * 0.7);
        const double width = metrics.horizontalAdvance(text);
        const QRectF sign(m_plot.right() - width - 6, places[i] - line / 2, width + 4, line);
        painter.fillRect(sign, ground);
        painter.setPen(color);
        painter.drawText(sign, Qt::AlignCenter, text);
    }
}

} // namespace fw
