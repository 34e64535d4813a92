// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/trace_chart.h"

#include "paint/chart_layout.h"

#include <QGraphicsLineItem>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace fw {

namespace {
constexpr double kZoomStep = 1.25;
}

void TraceChart::zoomTime(double x, double factor)
{
    const double fixed = secondsAt(std::clamp(x, m_plot.left(), m_plot.right()));
    Q_EMIT timeRangeRequested({fixed - (fixed - m_x.low) / factor, fixed + (m_x.high - fixed) / factor});
}

void TraceChart::zoomValue(double y, double factor)
{
    const double share = std::clamp((m_plot.bottom() - y) / m_plot.height(), 0.0, 1.0);
    const double fixed = m_y.low + share * m_y.length();
    const AxisRange whole = chartValueRange(m_group.traces);
    const AxisRange wanted{fixed - (fixed - m_y.low) / factor, fixed + (m_y.high - fixed) / factor};
    if (wanted.length() < whole.length() * 1e-4 || wanted.length() > whole.length() * 20)
        return;
    m_y = wanted;
    layOut();
}

void TraceChart::wheelEvent(QWheelEvent *event)
{
    const QPoint delta = event->angleDelta();
    const double notches = (delta.y() != 0 ? delta.y() : delta.x()) / 120.0;
    if (event->modifiers() & Qt::ShiftModifier) {
        zoomTime(event->position().x(), std::pow(kZoomStep, notches));
    } else if (event->modifiers() & Qt::ControlModifier) {
        zoomValue(event->position().y(), std::pow(kZoomStep, notches));
    } else if (delta.x() != 0) {
        const double shift = -delta.x() / 120.0 * m_x.length() / 10;
        Q_EMIT timeRangeRequested({m_x.low + shift, m_x.high + shift});
    } else {
        event->ignore(); // scrolls the panel
        return;
    }
    event->accept();
}

void TraceChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton) {
        m_seeking = true;
        QToolTip::hideText();
        Q_EMIT seekRequested(secondsAt(event->position().x()));
    } else if (event->button() == Qt::MiddleButton || event->button() == Qt::RightButton) {
        m_panFrom = event->position();
        setCursor(Qt::ClosedHandCursor);
    }
}

void TraceChart::mouseMoveEvent(QMouseEvent *event)
{
    if (m_seeking) {
        Q_EMIT seekRequested(secondsAt(event->position().x()));
    } else if (m_panFrom) {
        const QPointF by = event->position() - *m_panFrom;
        m_panFrom = event->position();
        const double value = by.y() / std::max(1.0, m_plot.height()) * m_y.length();
        if (m_y != chartValueRange(m_group.traces)) { // a whole curve is not pushed out of sight
            m_y = {m_y.low + value, m_y.high + value};
            layOut();
        }
        const double shift = -by.x() / std::max(1.0, m_plot.width()) * m_x.length();
        Q_EMIT timeRangeRequested({m_x.low + shift, m_x.high + shift});
    } else {
        const QPoint place = event->position().toPoint();
        QToolTip::showText(mapToGlobal(place), hoverText(place), this);
    }
}

void TraceChart::mouseReleaseEvent(QMouseEvent *)
{
    m_seeking = false;
    m_panFrom.reset();
    unsetCursor();
}

void TraceChart::keyPressEvent(QKeyEvent *event)
{
    const bool value = event->modifiers() & Qt::ControlModifier;
    const double factor = event->key() == Qt::Key_Minus ? 1.0 / kZoomStep : kZoomStep;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        if (value)
            zoomValue(m_plot.center().y(), factor);
        else // about the playhead when it is in sight
            zoomTime(m_playheadLine->isVisible() ? m_playheadLine->line().x1() : m_plot.center().x(), factor);
        break;
    case Qt::Key_0:
        resetValueRange();
        Q_EMIT timeResetRequested();
        break;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
        const double shift = (event->key() == Qt::Key_PageUp ? -0.8 : 0.8) * m_x.length();
        Q_EMIT timeRangeRequested({m_x.low + shift, m_x.high + shift});
        break;
    }
    default:
        event->ignore(); // not QGraphicsView's scrolling: the keys belong to the player
    }
}

} // namespace fw
