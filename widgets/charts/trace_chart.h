// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/trace_catalog.h"
#include "paint/axis.h"

#include <QChartView>
#include <QLineSeries>
#include <QValueAxis>

#include <vector>

class QAreaSeries;
class QGraphicsLineItem;

namespace fw {

/// One chart: curves over the clip's time, thinned to what its pixels can show. Qt Charts draws the
/// curves and bands; grid, labels, thresholds and events are drawn here, because its own labels know
/// no clock and overlap.
///   click or drag: seek · Shift+wheel: zoom in time · Ctrl+wheel: zoom in value ·
///   middle or right drag: move · +/-, Ctrl +/-, 0: the same by keys
class TraceChart : public QChartView
{
    Q_OBJECT
public:
    explicit TraceChart(QWidget *parent = nullptr);

    /// @param group  borrowed until the model's results change.
    void setGroup(const ChartGroup &group, const ClipClock &clock);
    /// Lets go of all traces: they are borrowed, and their owner is about to replace them.
    void forget();
    /// The same curves, which lie elsewhere now.
    void follow(const ChartGroup &group);
    void setClock(const ClipClock &clock);
    void setTraceVisible(std::size_t index, bool visible);
    bool isTraceVisible(std::size_t index) const { return m_visible[index]; }
    QPen tracePen(std::size_t index) const;

    void setTimeRange(const AxisRange &seconds); ///< shared by all charts of a panel
    const AxisRange &timeRange() const { return m_x; }
    const AxisRange &valueRange() const { return m_y; }
    void resetValueRange();
    void setPlayhead(FrameIndex frame);
    /// px that the vertical labels need; charts below each other get the same margin.
    int wantedMargin() const;
    void setMargin(int pixels);

    QPointF positionOf(double seconds, double value) const; ///< in view coordinates
    double secondsAt(double x) const;
    /// What the tool tip says at a place of the view; empty outside the curves.
    QString hoverText(const QPoint &position) const;
    /// Points that were handed to Qt Charts for the curves.
    std::size_t pointsShown() const { return m_points; }
    /// No taller than needed: charts share the height that there is.
    QSize sizeHint() const override { return {500, minimumSizeHint().height()}; }
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void seekRequested(double seconds);
    void timeRangeRequested(const fw::AxisRange &seconds);
    void timeResetRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    struct Curve
    {
        std::vector<double> times;
        std::vector<QLineSeries *> lines; ///< one per piece between gaps
        std::vector<QAreaSeries *> bands;
    };
    void layOut();
    void refill();
    void fillCurve(std::size_t index);
    void fillBand(std::size_t index);
    void restyle();
    void describe();
    void zoomTime(double x, double factor);
    void zoomValue(double y, double factor);
    void placePlayhead();
    QColor ink(double share) const;
    void drawAxes(QPainter &painter) const;
    void drawThresholds(QPainter &painter) const;
    void drawEvents(QPainter &painter) const;

    ChartGroup m_group;
    std::vector<double> m_seconds;
    std::vector<Curve> m_curves;
    std::vector<bool> m_visible;
    QValueAxis *m_timeAxis, *m_valueAxis;
    QGraphicsLineItem *m_playheadLine;
    AxisRange m_x, m_y;
    AxisTicks m_timeTicks, m_valueTicks;
    QRectF m_plot;
    FrameIndex m_playhead = 0;
    int m_margin = 0;
    std::size_t m_points = 0;
    bool m_seeking = false;
    std::optional<QPointF> m_panFrom;
};

} // namespace fw
