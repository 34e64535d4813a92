// SPDX-License-Identifier: GPL-3.0-or-later
// What the piano roll does on mouse, wheel and keys; unit_roll_view.cpp draws it.
#include "panels/behaviour/unit_roll_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kWheelStep = 120.0; ///< one notch, in eighths of a degree
constexpr double kZoomPerNotch = 1.25, kButtonZoom = 1.6;
constexpr double kScrollPerNotch = 0.12; ///< share of the visible stretch

} // namespace

void UnitRollView::zoomIn()
{
    zoomAt(kButtonZoom, playheadX());
}

void UnitRollView::zoomOut()
{
    zoomAt(1.0 / kButtonZoom, playheadX());
}

void UnitRollView::resizeEvent(QResizeEvent *)
{
    relayout();
}

void UnitRollView::scrollContentsBy(int dx, int dy)
{
    if (dx != 0 && dy == 0) {
        m_axis.scrollTo(horizontalScrollBar()->value() / m_axis.pixelsPerSecond());
        Q_EMIT timeShown(m_axis.start(), m_axis.end());
    }
    repaintAll();
}

void UnitRollView::wheelEvent(QWheelEvent *event)
{
    const QPoint angle = event->angleDelta();
    const double notches = (angle.y() != 0 ? angle.y() : angle.x()) / kWheelStep;
    const double x = event->position().x() - labelWidth();
    event->accept();
    if (event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier)) {
        zoomAt(std::pow(kZoomPerNotch, notches), std::max(0.0, x));
    } else if (x < 0 || event->modifiers() & Qt::AltModifier) {
        verticalScrollBar()->setValue(verticalScrollBar()->value() - int(notches * 3 * rowHeight()));
    } else {
        m_axis.scrollTo(m_axis.start() - notches * kScrollPerNotch * (m_axis.end() - m_axis.start()));
        moved();
    }
}

void UnitRollView::seekTo(double x)
{
    m_clip.setPlayhead(frameAt(m_clip.clock(), m_axis.secondsAt(x)));
}

void UnitRollView::mousePressEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::MiddleButton) {
        m_panning = true;
        m_panFrom = at.x();
    }
    if (event->button() != Qt::LeftButton || m_clip.clock().seconds.empty())
        return;
    if (const int row = rowAt(at.y()); row >= 0)
        setCurrentRow(row);
    m_seeking = at.x() >= labelWidth();
    if (m_seeking)
        seekTo(at.x() - labelWidth());
}

void UnitRollView::mouseMoveEvent(QMouseEvent *event)
{
    const int x = event->position().toPoint().x();
    if (m_seeking) {
        seekTo(x - labelWidth());
    } else if (m_panning) {
        m_axis.scrollTo(m_axis.start() - (x - m_panFrom) / m_axis.pixelsPerSecond());
        m_panFrom = x;
        moved();
    }
}

void UnitRollView::mouseReleaseEvent(QMouseEvent *)
{
    m_seeking = m_panning = false;
}

void UnitRollView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::LeftButton && at.x() < labelWidth())
        goToStrongest(rowAt(at.y()));
}

void UnitRollView::goToStrongest(int row)
{
    const auto frame = row >= 0 ? m_roll.strongestFrame(row) : std::nullopt;
    if (frame)
        m_clip.setPlayhead(*frame);
}

void UnitRollView::setCurrentRow(int row)
{
    m_current = std::clamp(row, 0, kUnitRows - 1);
    const int top = m_current * rowHeight(), page = trackRect().height();
    QScrollBar *bar = verticalScrollBar();
    bar->setValue(std::clamp(bar->value(), std::max(0, top + rowHeight() - page), top));
    repaintAll();
}

void UnitRollView::keyPressEvent(QKeyEvent *event)
{
    const double page = m_axis.end() - m_axis.start();
    switch (event->key()) {
    case Qt::Key_Up:
        return setCurrentRow(m_current - 1);
    case Qt::Key_Down:
        return setCurrentRow(m_current + 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return goToStrongest(m_current);
    case Qt::Key_Plus:
        return zoomIn();
    case Qt::Key_Minus:
        return zoomOut();
    case Qt::Key_0:
        return fit();
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        m_axis.scrollTo(m_axis.start() + (event->key() == Qt::Key_PageUp ? -0.9 : 0.9) * page);
        return moved();
    default:
        return QWidget::keyPressEvent(event); // the rest belongs to the window
    }
}

bool UnitRollView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QToolTip::showText(help->globalPos(), hoverText(help->pos()), this);
    return true;
}

void UnitRollView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        relayout();
    else if (event->type() == QEvent::PaletteChange)
        repaintAll();
}

} // namespace fw
