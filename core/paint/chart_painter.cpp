// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/chart_painter.h"

#include "paint/chart_layout.h"
#include "paint/color_map.h"
#include "paint/decimate.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

const QColor kInk(0x20, 0x20, 0x20), kGrid(0xe2, 0xe2, 0xe2), kFrame(0x90, 0x90, 0x90);

constexpr qsizetype kRun = 48; // points that are stroked at once

class ChartPainter
{
public:
    ChartPainter(QPainter &painter, const std::vector<const Trace *> &traces,
                 const std::vector<const Event *> &events, const std::vector<double> &seconds)
        : m_painter(painter), m_traces(traces), m_events(events), m_seconds(seconds),
          m_metrics(painter.font()), m_line(m_metrics.height()), m_thin(std::max(0.5, m_line / 18))
    {
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (const Trace *trace : traces) {
            m_times.push_back(traceSeconds(*trace, seconds));
            if (!m_times.back().empty()) {
                low = std::min(low, m_times.back().front());
                high = std::max(high, m_times.back().back());
            }
        }
        if (!seconds.empty()) { // the whole clip, so that charts of one clip can be compared
            low = seconds.front();
            high = seconds.back();
        }
        m_x = std::isfinite(low) && high > low ? AxisRange{low, high} : paddedRange(low, high);
        m_y = chartValueRange(traces);
    }

    void paint(const QRectF &rect, std::optional<FrameIndex> playhead)
    {
        m_painter.fillRect(rect, Qt::white);
        const double legend = legendHeight(rect.width());
        const QString units = chartUnits(m_traces);
        const double heightLeft = rect.height() - legend - 1.9 * m_line;
        const AxisTicks values
            = valueTicks(m_y.low, m_y.high, int(std::clamp(heightLeft / (2.2 * m_line), 2.0, 10.0)));
        double labels = 0.0;
        for (double value : values.values)
            labels = std::max(labels,
                              m_metrics.horizontalAdvance(valueTickText(value, values.step)));
        const double left = labels + 0.7 * m_line + (units.isEmpty() ? 0.0 : 1.2 * m_line);
        m_plot = rect.adjusted(left, legend + 0.4 * m_line, -0.8 * m_line, -1.5 * m_line);
        if (m_plot.width() < 2 * m_line || m_plot.height() < m_line)
            return;
        paintLegend(rect);
        paintEvents();
        paintAxes(values, units, rect);
        m_painter.save();
        m_painter.setClipRect(m_plot);
        bool any = false;
        for (std::size_t i = 0; i < m_traces.size(); ++i)
            paintBand(i);
        for (std::size_t i = 0; i < m_traces.size(); ++i)
            any |= paintCurve(i);
        if (!any) {
            m_painter.setPen(kInk);
            m_painter.drawText(m_plot, Qt::AlignCenter, u"nothing was measured"_s);
        }
        m_painter.restore();
        paintThresholds();
        if (playhead)
            paintPlayhead(*playhead);
        m_painter.setPen(QPen(kFrame, m_thin));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(m_plot);
    }

private:
    double px(double x) const { return m_plot.left() + (x - m_x.low) / m_x.length() * m_plot.width(); }
    double py(double y) const { return m_plot.bottom() - (y - m_y.low) / m_y.length() * m_plot.height(); }
    double timeOf(FrameIndex frame) const
    {
        if (m_seconds.empty())
            return double(frame);
        return m_seconds[std::size_t(std::clamp<FrameIndex>(frame, 0, FrameIndex(m_seconds.size()) - 1))];
    }

    /// Lays the legend out in rows; draws it when `draw` is set. @return its height.
    double layLegend(double left, double top, double width, bool draw)
    {
        double x = 0.0, y = 0.0;
        for (std::size_t i = 0; i < m_traces.size(); ++i) {
            const QString title
                = m_metrics.elidedText(m_traces[i]->title, Qt::ElideRight, width - 3 * m_line);
            const double need = 1.8 * m_line + m_metrics.horizontalAdvance(title) + m_line;
            if (x > 0.0 && x + need > width) {
                x = 0.0;
                y += 1.2 * m_line;
            }
            if (draw) {
                const double middle = top + y + m_line / 2;
                m_painter.setPen(curvePen(i));
                m_painter.drawLine(QPointF(left + x, middle), QPointF(left + x + 1.4 * m_line, middle));
                m_painter.setPen(kInk);
                m_painter.drawText(QPointF(left + x + 1.8 * m_line, top + y + m_metrics.ascent()), title);
            }
            x += need;
        }
        return m_traces.empty() ? 0.0 : y + 1.2 * m_line;
    }
    double legendHeight(double width) { return layLegend(0, 0, width - m_line, false); }
    void paintLegend(const QRectF &rect)
    {
        layLegend(rect.left() + m_line / 2, rect.top(), rect.width() - m_line, true);
    }

    /// Colour and dash differ, so that curves stay apart in a grey print.
    QPen curvePen(std::size_t i) const
    {
        static constexpr Qt::PenStyle kStyles[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
        return QPen(seriesColor(int(i)), m_thin * 1.8, kStyles[i / 3 % 4], Qt::FlatCap, Qt::RoundJoin);
    }

    void paintAxes(const AxisTicks &values, const QString &units, const QRectF &rect)
    {
        for (double value : values.values) {
            const double y = py(value);
            m_painter.setPen(QPen(kGrid, m_thin));
            m_painter.drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
            m_painter.setPen(kInk);
            m_painter.drawText(QRectF(rect.left(), y - m_line / 2,
                                      m_plot.left() - rect.left() - 0.35 * m_line, m_line),
                               Qt::AlignRight | Qt::AlignVCenter, valueTickText(value, values.step));
        }
        const int most = int(std::max(2.0, m_plot.width() / (5.5 * m_line)));
        const AxisTicks times = m_seconds.empty() ? valueTicks(m_x.low, m_x.high, most)
                                                  : timeTicks(m_x.low, m_x.high, most);
        for (double time : times.values) {
            const double x = px(time);
            m_painter.setPen(QPen(kGrid, m_thin));
            m_painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
            m_painter.setPen(QPen(kFrame, m_thin));
            m_painter.drawLine(QPointF(x, m_plot.bottom()), QPointF(x, m_plot.bottom() + m_line / 4));
            const QString text = m_seconds.empty() ? valueTickText(time, times.step)
                                                   : timeTickText(time, times.step);
            const double width = m_metrics.horizontalAdvance(text);
            const double at = std::clamp(x - width / 2, rect.left(), rect.right() - width);
            m_painter.setPen(kInk);
            m_painter.drawText(QPointF(at, m_plot.bottom() + m_line * 0.3 + m_metrics.ascent()), text);
        }
        if (!units.isEmpty()) {
            m_painter.save();
            m_painter.translate(rect.left() + m_line * 0.1, m_plot.center().y());
            m_painter.rotate(-90);
            m_painter.setPen(kInk);
            m_painter.drawText(QRectF(-m_plot.height() / 2, 0, m_plot.height(), m_line),
                               Qt::AlignCenter,
                               m_metrics.elidedText(units, Qt::ElideRight, m_plot.height()));
            m_painter.restore();
        }
    }

    void paintEvents()
    {
        double labelsEnd = -1e9; // labels that would run into the one before are left out
        for (const Event *event : m_events) {
            const double left = std::max(px(timeOf(event->range.begin)), m_plot.left());
            const double end = timeOf(std::max(event->range.begin, event->range.end - 1));
            const double right = std::min(px(end), m_plot.right());
            QRectF span(left, m_plot.top(), std::max(right - left, m_thin * 2), m_plot.height());
            m_painter.fillRect(span, QColor(0xf2, 0xdc, 0xa8, 150));
            if (event->apex) {
                const double x = px(timeOf(*event->apex));
                m_painter.setPen(QPen(QColor(0x9a, 0x6a, 0x00), m_thin * 1.5));
                m_painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.top() + m_line / 2));
            }
            const double width = m_metrics.horizontalAdvance(event->label);
            const double at = std::min(left + m_thin * 3, m_plot.right() - width - m_thin * 3);
            if (event->label.isEmpty() || at < labelsEnd + m_line / 2 || at < m_plot.left())
                continue;
            m_painter.setPen(QColor(0x6a, 0x48, 0x00));
            m_painter.drawText(QPointF(at, m_plot.bottom() - m_metrics.descent() - m_thin * 2),
                               event->label);
            labelsEnd = at + width;
        }
    }

    void paintBand(std::size_t i)
    {
        const Trace &trace = *m_traces[i];
        QColor fill = seriesColor(int(i));
        fill.setAlpha(50);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(fill);
        for (const BandPiece &piece : decimateBand(m_times[i], trace.lower, trace.upper, m_x.low,
                                                   m_x.high, columns())) {
            QPolygonF outline;
            for (const QPointF &p : piece.lower)
                outline << QPointF(px(p.x()), py(p.y()));
            for (auto it = piece.upper.rbegin(); it != piece.upper.rend(); ++it)
                outline << QPointF(px(it->x()), py(it->y()));
            m_painter.drawPolygon(outline);
        }
    }

    bool paintCurve(std::size_t i)
    {
        m_painter.setRenderHint(QPainter::Antialiasing);
        const CurvePieces pieces
            = decimateCurve(m_times[i], m_traces[i]->values, m_x.low, m_x.high, columns());
        for (const std::vector<QPointF> &piece : pieces) {
            QPolygonF line;
            for (const QPointF &p : piece)
                line << QPointF(px(p.x()), py(p.y()));
            if (line.size() == 1) { // between two gaps: a line would be invisible
                m_painter.setPen(Qt::NoPen);
                m_painter.setBrush(seriesColor(int(i)));
                m_painter.drawEllipse(line.first(), m_thin * 2, m_thin * 2);
                continue;
            }
            m_painter.setPen(curvePen(i));
            // The raster engine's time grows with the square of the crossings in one path, and a
            // dense curve crosses itself everywhere: short runs are a hundred times faster.
            for (qsizetype at = 0; at + 1 < line.size(); at += kRun)
                m_painter.drawPolyline(line.constData() + at, int(std::min(kRun + 1, line.size() - at)));
        }
        return !pieces.empty();
    }

    void paintThresholds()
    {
        struct Line
        {
            double value;
            QString label;
        };
        std::vector<Line> lines;
        for (const Trace *trace : m_traces) {
            for (const Threshold &t : trace->thresholds) {
                const bool known = std::ranges::any_of(lines, [&](const Line &line) {
                    return line.value == t.value && line.label == t.label;
                });
                if (!known && std::isfinite(t.value))
                    lines.push_back({t.value, t.label});
            }
        }
        std::vector<double> wanted;
        for (const Line &line : lines) { // just above its line, or below where another one runs
            const bool taken = std::ranges::any_of(lines, [&](const Line &other) {
                const double above = py(line.value) - py(other.value);
                return above > 0.0 && above < 1.2 * m_line;
            });
            wanted.push_back(py(line.value) + (taken ? 0.6 : -0.6) * m_line);
        }
        const std::vector<double> places
            = spreadLabels(wanted, m_line, m_plot.top(), m_plot.bottom());
        const QColor ink(0xa0, 0x30, 0x10);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const double y = py(lines[i].value);
            m_painter.setPen(QPen(ink, m_thin * 1.4, Qt::DashLine));
            m_painter.drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
            const QString text
                = m_metrics.elidedText(lines[i].label, Qt::ElideRight, m_plot.width() * 0.7);
            const double width = m_metrics.horizontalAdvance(text);
            const QRectF sign(m_plot.right() - width - m_line * 0.4, places[i] - m_line / 2, width, m_line);
            m_painter.fillRect(sign, QColor(255, 255, 255, 225));
            m_painter.setPen(ink);
            m_painter.drawText(sign, Qt::AlignCenter, text);
        }
    }

    void paintPlayhead(FrameIndex frame)
    {
        const double time = timeOf(frame), x = px(time);
        m_painter.setPen(QPen(kInk, m_thin * 2));
        m_painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
        QPolygonF tip;
        tip << QPointF(x - m_line / 3, m_plot.top() - m_line / 3)
            << QPointF(x + m_line / 3, m_plot.top() - m_line / 3) << QPointF(x, m_plot.top() + m_line / 6);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(kInk);
        m_painter.drawPolygon(tip);
    }

    int columns() const { return std::max(1, int(std::ceil(m_plot.width()))); }

    QPainter &m_painter;
    const std::vector<const Trace *> &m_traces;
    const std::vector<const Event *> &m_events;
    const std::vector<double> &m_seconds;
    const QFontMetricsF m_metrics;
    const double m_line, m_thin; ///< painter units of a text line and of a hair line
    std::vector<std::vector<double>> m_times;
    AxisRange m_x, m_y;
    QRectF m_plot;
};

} // namespace

void paintChart(QPainter &painter, const QRectF &rect, const std::vector<const Trace *> &traces,
                const std::vector<const Event *> &events, const std::vector<double> &seconds,
                std::optional<FrameIndex> playhead)
{
    painter.save();
    ChartPainter(painter, traces, events, seconds).paint(rect, playhead);
    painter.restore();
}

} // namespace fw
