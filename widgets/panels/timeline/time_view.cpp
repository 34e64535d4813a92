// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/time_view.h"

#include "paint/color_map.h"
#include "panels/common/theme.h"

#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace fw {

namespace {

constexpr double kWheelStep = 120.0; ///< one notch, in eighths of a degree
constexpr double kZoomPerNotch = 1.25, kButtonZoom = 1.6;
constexpr double kScrollPerNotch = 0.12; ///< share of the visible stretch

} // namespace

TimeView::TimeView(ClipModel &clip, QWidget *parent) : QAbstractScrollArea(parent), m_clip(clip)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    viewport()->setMouseTracking(true);
    connect(&clip, &ClipModel::clipChanged, this, [this] {
        m_current = 0;
        m_axis.fit();
        updateClock();
    });
    connect(&clip, &ClipModel::clockChanged, this, &TimeView::updateClock);
    connect(&clip, &ClipModel::inOutChanged, this, &TimeView::repaintAll);
    connect(&clip, &ClipModel::playheadChanged, this, &TimeView::movePlayhead);
}

int TimeView::rulerHeight() const
{
    return fontMetrics().height() * 2 + 4;
}

QRect TimeView::trackRect() const
{
    const int left = labelWidth(), top = headerHeight();
    return {left, top, std::max(1, viewport()->width() - left), std::max(0, viewport()->height() - top)};
}

LaneScene TimeView::scene() const
{
    return {m_clip, m_axis, framesOfColumns(m_axis, m_clip.clock()), palette(), font(), isDark(palette())};
}

int TimeView::xOfFrame(FrameIndex index) const
{
    return labelWidth() + int(std::floor(m_axis.xOf(frameStart(m_clip.clock(), index))));
}

void TimeView::updateClock()
{
    m_axis.setSpan(clipSpan(m_clip.clock()), m_clip.clock().frameCount);
    relayout();
}

void TimeView::relayout()
{
    const QRect track = trackRect();
    m_axis.setWidth(track.width());
    verticalScrollBar()->setRange(0, std::max(0, contentHeight() - track.height()));
    verticalScrollBar()->setPageStep(std::max(1, track.height()));
    verticalScrollBar()->setSingleStep(rowStep());
    QScrollBar *bar = horizontalScrollBar();
    const QSignalBlocker quiet(bar);
    bar->setRange(0, std::max(0, int(std::ceil(m_axis.span() * m_axis.pixelsPerSecond())) - track.width()));
    bar->setPageStep(track.width());
    bar->setSingleStep(std::max(1, track.width() / 10));
    bar->setValue(int(std::lround(m_axis.start() * m_axis.pixelsPerSecond())));
    repaintAll();
}

void TimeView::tellTime()
{
    const AxisRange shown{m_axis.start(), m_axis.end()};
    if (std::exchange(m_told, shown) != shown)
        Q_EMIT timeShown(shown.low, shown.high);
}

void TimeView::moved()
{
    relayout();
    tellTime();
}

void TimeView::showTime(double start, double end)
{
    m_axis.showRange(start, end);
    m_told = {m_axis.start(), m_axis.end()};
    relayout();
}

void TimeView::repaintAll()
{
    m_contentValid = false;
    viewport()->update();
}

void TimeView::fit()
{
    m_axis.fit();
    moved();
}

void TimeView::zoomAt(double factor, double x)
{
    m_axis.zoom(factor, x);
    moved();
}

double TimeView::playheadX() const
{
    const int x = xOfFrame(m_clip.playhead()) - labelWidth();
    return x >= 0 && x < m_axis.width() ? x : m_axis.width() / 2;
}

void TimeView::zoomIn()
{
    zoomAt(kButtonZoom, playheadX());
}

void TimeView::zoomOut()
{
    zoomAt(1.0 / kButtonZoom, playheadX());
}

void TimeView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    if (!hasClock())
        return paintEmpty(painter);
    const double ratio = devicePixelRatioF();
    if (!m_contentValid) {
        m_content = QPixmap(viewport()->size() * ratio);
        m_content.setDevicePixelRatio(ratio);
        m_content.fill(palette().color(QPalette::Base));
        QPainter onto(&m_content);
        paintContent(onto);
        m_contentValid = true;
    }
    const QRect part = event->rect();
    painter.drawPixmap(part, m_content,
                       QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio).toRect());
    const int x = xOfFrame(m_clip.playhead());
    if (x < labelWidth() || x >= viewport()->width())
        return;
    // Its own outline keeps it visible on every colour of a map.
    painter.fillRect(QRect(x - 1, headerHeight(), 4, viewport()->height()), QColor(0, 0, 0, 120));
    painter.fillRect(QRect(x, 0, 2, viewport()->height()), seriesColor(5));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(seriesColor(5));
    painter.drawPolygon(QPolygonF{{x - 5.0, 0.0}, {x + 7.0, 0.0}, {x + 1.0, 9.0}});
}

void TimeView::movePlayhead(FrameIndex index)
{
    const auto strip = [this](FrameIndex i) { return QRect(xOfFrame(i) - 7, 0, 16, viewport()->height()); };
    viewport()->update(strip(m_shownPlayhead));
    m_shownPlayhead = index;
    const double at = frameStart(m_clip.clock(), index);
    if (m_axis.isFitted() || (at >= m_axis.start() && at < m_axis.end())) {
        viewport()->update(strip(index));
        return;
    }
    // Turn the page: the playhead enters where it would come from.
    const double page = m_axis.end() - m_axis.start();
    m_axis.scrollTo(at >= m_axis.end() ? at - 0.05 * page : at - 0.95 * page);
    relayout();
}

void TimeView::resizeEvent(QResizeEvent *)
{
    relayout();
}

void TimeView::scrollContentsBy(int dx, int dy)
{
    if (dx != 0 && dy == 0) {
        m_axis.scrollTo(horizontalScrollBar()->value() / m_axis.pixelsPerSecond());
        tellTime();
    }
    repaintAll();
}

void TimeView::wheelEvent(QWheelEvent *event)
{
    // Alt turns the wheel sideways on some systems, Shift on others: take whichever moved.
    const QPoint angle = event->angleDelta();
    const double notches = (angle.y() != 0 ? angle.y() : angle.x()) / kWheelStep;
    const double x = event->position().x() - labelWidth();
    event->accept();
    if (event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier)) {
        zoomAt(std::pow(kZoomPerNotch, notches), std::max(0.0, x));
    } else if (x < 0 || event->modifiers() & Qt::AltModifier) {
        verticalScrollBar()->setValue(verticalScrollBar()->value() - int(notches * 3 * rowStep()));
    } else {
        m_axis.scrollTo(m_axis.start() - notches * kScrollPerNotch * (m_axis.end() - m_axis.start()));
        moved();
    }
}

void TimeView::seekTo(double x)
{
    m_clip.setPlayhead(frameAt(m_clip.clock(), m_axis.secondsAt(x)));
}

void TimeView::mousePressEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::MiddleButton) {
        m_panning = true;
        m_panFrom = at.x();
    } else if (event->button() == Qt::LeftButton && hasClock() && at.x() >= labelWidth()) {
        m_seeking = true;
        seekTo(at.x() - labelWidth());
    }
}

void TimeView::mouseMoveEvent(QMouseEvent *event)
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

void TimeView::mouseReleaseEvent(QMouseEvent *)
{
    m_seeking = m_panning = false;
}

void TimeView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        return setCurrentRow(m_current - 1);
    case Qt::Key_Down:
        return setCurrentRow(m_current + 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return activateRow(m_current);
    case Qt::Key_Plus:
        return zoomIn();
    case Qt::Key_Minus:
        return zoomOut();
    case Qt::Key_0:
        return fit();
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
        const double page = m_axis.end() - m_axis.start();
        m_axis.scrollTo(m_axis.start() + (event->key() == Qt::Key_PageUp ? -0.9 : 0.9) * page);
        return moved();
    }
    default:
        return QWidget::keyPressEvent(event); // the rest belongs to the window
    }
}

} // namespace fw
