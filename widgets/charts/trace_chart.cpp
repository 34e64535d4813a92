// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/trace_chart.h"

#include "paint/chart_layout.h"
#include "paint/color_map.h"
#include "paint/decimate.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsLineItem>
#include <QEvent>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {
constexpr std::size_t kSmoothPoints = 1500; // beyond this, smooth lines cost more than they show
} // namespace

TraceChart::TraceChart(QWidget *parent) : QChartView(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setContextMenuPolicy(Qt::PreventContextMenu); // the right button moves
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    chart()->legend()->hide();
    chart()->setMargins({});
    chart()->setBackgroundVisible(false); // the grid is drawn behind it
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    m_timeAxis = new QValueAxis(this);
    m_valueAxis = new QValueAxis(this);
    // The axes only map values to places: Qt Charts lays its own grid out later than the curves,
    // and a grid that lags behind them lies.
    for (QValueAxis *axis : {m_timeAxis, m_valueAxis})
        axis->setVisible(false);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    chart()->addAxis(m_valueAxis, Qt::AlignLeft);
    m_playheadLine = new QGraphicsLineItem;
    m_playheadLine->setZValue(100);
    scene()->addItem(m_playheadLine);
    m_margin = wantedMargin();
    restyle();
}

void TraceChart::setGroup(const ChartGroup &group, const ClipClock &clock)
{
    m_group = group;
    m_seconds = clock.seconds;
    chart()->removeAllSeries();
    m_curves.assign(group.traces.size(), {});
    m_visible.assign(group.traces.size(), true);
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        m_curves[i].times = traceSeconds(*group.traces[i], m_seconds);
    resetValueRange();
    describe();
}

void TraceChart::forget()
{
    chart()->removeAllSeries();
    m_group.traces.clear();
    m_group.events.clear();
    m_curves.clear();
    m_visible.clear();
}

void TraceChart::follow(const ChartGroup &group)
{
    m_group = group;
}

void TraceChart::setClock(const ClipClock &clock)
{
    m_seconds = clock.seconds;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        m_curves[i].times = traceSeconds(*m_group.traces[i], m_seconds);
    refill();
    placePlayhead();
}

void TraceChart::setTraceVisible(std::size_t index, bool visible)
{
    if (m_visible[index] == visible)
        return;
    m_visible[index] = visible;
    refill();
    describe();
}

void TraceChart::describe()
{
    setAccessibleName(tr("Chart: %1").arg(m_group.title));
    QStringList lines;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        if (m_visible[i])
            lines << traceSummary(*m_group.traces[i]);
    }
    setAccessibleDescription(lines.isEmpty() ? tr("No curve is shown.") : lines.join(u' '));
}

QPen TraceChart::tracePen(std::size_t index) const
{
    // Colour tells the curves of a chart apart, the dash tells the faces apart.
    static constexpr Qt::PenStyle kStyles[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    const auto &track = m_group.traces[index]->track;
    const bool several = std::ranges::any_of(m_group.traces, [&](const Trace *t) { return t->track != track; });
    return QPen(seriesColor(int(index)), 1.5, several && track ? kStyles[number(*track) & 3] : Qt::SolidLine);
}

void TraceChart::setTimeRange(const AxisRange &seconds)
{
    if (seconds == m_x || !(seconds.length() > 0.0))
        return;
    m_x = seconds;
    layOut();
}

void TraceChart::resetValueRange()
{
    m_y = chartValueRange(m_group.traces);
    layOut();
}

int TraceChart::wantedMargin() const
{
    const QFontMetrics metrics(font());
    return metrics.horizontalAdvance(u"−000.00"_s) + metrics.height() * 3 / 2;
}

QSize TraceChart::minimumSizeHint() const
{
    return {wantedMargin() + 120, fontMetrics().height() * 8};
}

void TraceChart::setMargin(int pixels)
{
    m_margin = pixels;
    layOut();
}

void TraceChart::layOut()
{
    const double line = fontMetrics().height();
    const QRectF inside = QRectF(viewport()->rect());
    m_plot = QRectF(QPointF(m_margin, 6), QPointF(std::max(m_margin + 10.0, inside.right() - 12),
                                                  std::max(16.0, inside.bottom() - line - 6)));
    chart()->setPlotArea(m_plot);
    m_timeTicks = timeTicks(m_x.low, m_x.high, int(std::max(2.0, m_plot.width() / (line * 6))));
    m_valueTicks = valueTicks(m_y.low, m_y.high, int(std::clamp(m_plot.height() / (line * 1.8), 2.0, 8.0)));
    m_timeAxis->setRange(m_x.low, m_x.high);
    m_valueAxis->setRange(m_y.low, m_y.high);
    refill();
    placePlayhead();
}

void TraceChart::refill()
{
    m_points = 0;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        fillBand(i); // below the curves
        fillCurve(i);
    }
    setRenderHint(QPainter::Antialiasing, m_points <= kSmoothPoints);
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        QPen pen = tracePen(i);
        if (m_points > kSmoothPoints)
            pen = QPen(pen.color(), 1.0);
        for (QLineSeries *series : m_curves[i].lines)
            series->setPen(pen);
    }
    viewport()->update();
}

void TraceChart::fillCurve(std::size_t index)
{
    Curve &curve = m_curves[index];
    const CurvePieces pieces = m_visible[index]
        ? decimateCurve(curve.times, m_group.traces[index]->values, m_x.low, m_x.high,
                        std::max(1, int(m_plot.width())))
        : CurvePieces{};
    while (curve.lines.size() < pieces.size()) {
        auto *series = new QLineSeries(chart());
        chart()->addSeries(series);
        series->attachAxis(m_timeAxis);
        series->attachAxis(m_valueAxis);
        curve.lines.push_back(series);
    }
    for (std::size_t i = 0; i < curve.lines.size(); ++i) {
        const bool used = i < pieces.size();
        curve.lines[i]->setVisible(used);
        curve.lines[i]->replace(used ? QList<QPointF>(pieces[i].begin(), pieces[i].end()) : QList<QPointF>());
        curve.lines[i]->setPointsVisible(used && pieces[i].size() == 1); // alone between two gaps
        m_points += used ? pieces[i].size() : 0;
    }
}

void TraceChart::fillBand(std::size_t index)
{
    Curve &curve = m_curves[index];
    const Trace &trace = *m_group.traces[index];
    const auto pieces = m_visible[index]
        ? decimateBand(curve.times, trace.lower, trace.upper, m_x.low, m_x.high,
                       std::max(1, int(m_plot.width())))
        : std::vector<BandPiece>{};
    while (curve.bands.size() < pieces.size()) {
        auto *upper = new QLineSeries, *lower = new QLineSeries;
        auto *band = new QAreaSeries(upper, lower);
        upper->setParent(band);
        lower->setParent(band);
        QColor fill = seriesColor(int(index));
        fill.setAlpha(56);
        band->setBrush(fill);
        band->setPen(Qt::NoPen);
        chart()->addSeries(band);
        band->attachAxis(m_timeAxis);
        band->attachAxis(m_valueAxis);
        curve.bands.push_back(band);
    }
    for (std::size_t i = 0; i < curve.bands.size(); ++i) {
        const bool used = i < pieces.size();
        curve.bands[i]->setVisible(used);
        const auto points = [&](const std::vector<QPointF> &from) { return QList<QPointF>(from.begin(), from.end()); };
        curve.bands[i]->upperSeries()->replace(used ? points(pieces[i].upper) : QList<QPointF>());
        curve.bands[i]->lowerSeries()->replace(used ? points(pieces[i].lower) : QList<QPointF>());
    }
}

void TraceChart::setPlayhead(FrameIndex frame)
{
    m_playhead = frame;
    placePlayhead();
}

void TraceChart::placePlayhead()
{
    if (m_seconds.empty()) {
        m_playheadLine->hide();
        return;
    }
    const auto last = FrameIndex(m_seconds.size()) - 1;
    const double seconds = m_seconds[std::size_t(std::clamp<FrameIndex>(m_playhead, 0, last))];
    const double x = positionOf(seconds, m_y.low).x();
    m_playheadLine->setVisible(x >= m_plot.left() - 0.5 && x <= m_plot.right() + 0.5);
    m_playheadLine->setLine(x, m_plot.top(), x, m_plot.bottom());
}

QPointF TraceChart::positionOf(double seconds, double value) const
{
    return {m_plot.left() + (seconds - m_x.low) / m_x.length() * m_plot.width(),
            m_plot.bottom() - (value - m_y.low) / m_y.length() * m_plot.height()};
}

double TraceChart::secondsAt(double x) const
{
    return m_x.low + (x - m_plot.left()) / std::max(1.0, m_plot.width()) * m_x.length();
}

QString TraceChart::hoverText(const QPoint &position) const
{
    if (!m_plot.contains(position) || m_seconds.empty())
        return {};
    const double wanted = secondsAt(position.x());
    // The frame whose time is nearest: what the eye reads off at the pointer.
    auto near = std::ranges::lower_bound(m_seconds, wanted);
    if (near == m_seconds.end() || (near != m_seconds.begin() && wanted - *(near - 1) < *near - wanted))
        --near;
    const FrameIndex frame = FrameIndex(near - m_seconds.begin());
    QString text = u"<b>%1 · %2</b>"_s.arg(clockText(*near), tr("frame %1").arg(frame));
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        if (!m_visible[i])
            continue;
        const Trace &trace = *m_group.traces[i];
        const auto at = std::ranges::lower_bound(trace.frames, frame);
        const bool measured = at != trace.frames.end() && *at == frame;
        const auto place = std::size_t(at - trace.frames.begin());
        const double value = measured && place < trace.values.size() ? trace.values[place] : std::nan("");
        text += u"<br>%1: %2"_s.arg(trace.title.toHtmlEscaped(),
                                    std::isfinite(value) ? quantityText(value, trace.unit).toHtmlEscaped()
                                                         : tr("not measured on this frame"));
        if (std::isfinite(value) && place < trace.lower.size() && std::isfinite(trace.lower[place]))
            text += tr(" (band %1 to %2)").arg(numberText(trace.lower[place]), numberText(trace.upper[place]));
    }
    return text + u"<br><i>%1</i>"_s.arg(m_group.method.toHtmlEscaped());
}

void TraceChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    layOut();
}

void TraceChart::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        restyle();
        layOut();
    }
    QChartView::changeEvent(event);
}

} // namespace fw
