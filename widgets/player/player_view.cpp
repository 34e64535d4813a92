// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/player_view.h"

#include "paint/axis.h"
#include "paint/color_map.h"
#include "player/citation.h"
#include "player/player_keys.h"

#include <QApplication>
#include <QClipboard>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {
constexpr double kZoomStep = 1.25;
constexpr double kSwipeReach = 8.0; ///< px beside the line where the pointer takes hold of it
constexpr double kSwipeStart = 0.5;
}

PlayerView::PlayerView(PlaybackController &controller, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_model(controller.model()),
      m_keys(new PlayerKeys(controller, this))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Picture"));
    connect(&controller, &PlaybackController::pictureChanged, this, &PlayerView::takePicture);
    const auto changed = [this] { layOut(); };
    connect(&m_model, &ClipModel::observationsChanged, this, changed);
    connect(&m_model, &ClipModel::resultsChanged, this, changed);
    connect(&m_model, &ClipModel::layersChanged, this, changed);
    connect(&m_model, &ClipModel::clipChanged, this, [this] {
        m_geometry.fit();
        takePicture();
    });
    takePicture();
}

void PlayerView::takePicture()
{
    if (m_frame != m_controller.picture()) {
        m_frame = m_controller.picture();
        m_image = m_frame ? toQImage(m_frame->bgr) : QImage();
    }
    layOut();
    Q_EMIT readoutChanged(readout());
}

void PlayerView::layOut()
{
    m_overlay = {};
    if (m_frame)
        m_overlay = overlayAt(m_model, m_frame->index, m_frame.get());
    QRectF area = rect();
    m_barRect = QRectF();
    if (m_overlay.shownMap) {
        const double wanted = colorBarWidth(QFontMetricsF(font()), *m_overlay.shownMap) + 16;
        const double width = std::min(wanted, area.width() / 3);
        m_barRect = area.adjusted(area.width() - width + 8, 8, -8, -8);
        area.setWidth(area.width() - width);
    }
    double aspect = 1.0;
    if (const FrameProvider *provider = m_model.provider()) {
        if (const StreamFacts *video = provider->facts().video()) {
            const double sar = video->sampleAspect.toDouble();
            const bool turned = video->rotationDegrees % 180 != 0;
            aspect = sar > 0.0 ? (turned ? 1.0 / sar : sar) : 1.0;
        }
    }
    m_geometry.setFrame(m_image.size(), aspect);
    m_geometry.setArea(area);
    updateAccessibleText();
    update();
}

void PlayerView::updateAccessibleText()
{
    const QString said = message();
    const QString status = statusLine(m_model, m_model.playhead(), m_frame.get());
    setAccessibleDescription(said.isEmpty() ? status : status.isEmpty() ? said : status + u". "_s + said);
}

QString PlayerView::message() const
{
    if (!m_model.provider())
        return tr("No clip is open. Drop a file anywhere in the window.");
    const FrameIndex wanted = m_model.playhead();
    if (const auto &problem = m_controller.problem())
        return tr("Frame %1 cannot be shown: %2").arg(wanted).arg(problem->text());
    if (m_controller.isExact())
        return {};
    if (!m_frame) {
        return m_model.clock().frameCount < 1 ? tr("Reading the clip…")
                                              : tr("Decoding frame %1…").arg(wanted);
    }
    if (m_frame->index == wanted || !m_controller.isWaiting())
        return {};
    // The picture before stays while a neighbour is decoded; it is named only when it is far away.
    if (m_frame->keyFrame && std::abs(m_frame->index - wanted) > 1) {
        return tr("Nearest key frame: frame %1. Decoding frame %2…").arg(m_frame->index).arg(wanted);
    }
    if (std::abs(m_frame->index - wanted) > 1)
        return tr("Still showing frame %1. Decoding frame %2…").arg(m_frame->index).arg(wanted);
    return {};
}

QString PlayerView::readout() const
{
    if (!m_pointer || !m_frame || m_image.isNull())
        return {};
    const QPointF at = m_geometry.toFrame(*m_pointer);
    const int x = int(std::floor(at.x())), y = int(std::floor(at.y()));
    if (x < 0 || y < 0 || x >= m_frame->bgr.cols || y >= m_frame->bgr.rows)
        return {};
    const cv::Vec3b bgr = m_frame->bgr.at<cv::Vec3b>(y, x);
    return tr("x %1 px, y %2 px · B %3 G %4 R %5").arg(x).arg(y).arg(bgr[0]).arg(bgr[1]).arg(bgr[2]);
}

QImage PlayerView::snapshot(bool withLayers) const
{
    QImage image = m_image.copy();
    if (withLayers && !image.isNull()) {
        QPainter painter(&image);
        QFont font = painter.font();
        font.setPixelSize(std::max(10, image.height() / 45));
        painter.setFont(font);
        paintOverlay(painter, QTransform(), cv::Size(image.width(), image.height()),
                     overlayAt(m_model, m_frame->index, m_frame.get()).content, m_model.layerStyles());
    }
    return image;
}

QPointF PlayerView::zoomCentre() const
{
    return m_pointer ? *m_pointer : m_geometry.area().center();
}

void PlayerView::zoomBy(double factor)
{
    if (m_image.isNull())
        return;
    m_geometry.zoomAt(zoomCentre(), factor);
    update();
    Q_EMIT zoomChanged(m_geometry.zoom());
    Q_EMIT readoutChanged(readout());
}

void PlayerView::zoomIn()
{
    zoomBy(kZoomStep);
}

void PlayerView::zoomOut()
{
    zoomBy(1.0 / kZoomStep);
}

void PlayerView::fitPicture()
{
    m_geometry.fit();
    update();
    Q_EMIT zoomChanged(m_geometry.zoom());
}

void PlayerView::showPixels()
{
    m_geometry.setZoomAt(zoomCentre(), 1.0);
    update();
    Q_EMIT zoomChanged(m_geometry.zoom());
}

void PlayerView::setLoupe(bool on)
{
    if (on == m_loupe)
        return;
    m_loupe = on;
    update();
    Q_EMIT loupeChanged(on);
}

void PlayerView::setSwipe(std::optional<double> share)
{
    if (share)
        share = std::clamp(*share, 0.0, 1.0);
    if (share == m_swipe)
        return;
    const bool toggled = share.has_value() != m_swipe.has_value();
    m_swipe = share;
    update();
    if (toggled)
        Q_EMIT swipeChanged(share.has_value());
}

void PlayerView::toggleSwipe()
{
    setSwipe(m_swipe ? std::optional<double>() : kSwipeStart);
}

double PlayerView::swipeX() const
{
    const QRectF area = m_geometry.area();
    return area.left() + m_swipe.value_or(0.0) * area.width();
}

bool PlayerView::isOnSwipeLine(const QPointF &at) const
{
    return m_swipe && std::abs(at.x() - swipeX()) <= kSwipeReach;
}

void PlayerView::copyCitation()
{
    const QString text = frameCitation(m_model, m_model.playhead(), m_frame.get());
    if (!text.isEmpty())
        QApplication::clipboard()->setText(text);
}

void PlayerView::copyPicture()
{
    if (!m_image.isNull())
        QApplication::clipboard()->setImage(snapshot(true));
}

void PlayerView::resizeEvent(QResizeEvent *)
{
    layOut();
}

void PlayerView::wheelEvent(QWheelEvent *event)
{
    m_pointer = event->position();
    m_wheel += event->angleDelta().y() / 120.0;
    const int notches = int(m_wheel);
    m_wheel -= notches;
    if (notches != 0) {
        if (event->modifiers() & Qt::ControlModifier)
            zoomBy(std::pow(kZoomStep, notches));
        else
            m_controller.step(-notches);
    }
    event->accept();
}

void PlayerView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && isOnSwipeLine(event->position())) {
        m_dragsSwipe = true;
        return;
    }
    const bool drags = event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton;
    if (drags && !m_geometry.isFitted()) {
        m_dragFrom = event->position();
        setCursor(Qt::ClosedHandCursor);
    }
}

void PlayerView::mouseMoveEvent(QMouseEvent *event)
{
    m_pointer = event->position();
    m_loupeHeld = event->modifiers() & Qt::AltModifier;
    if (m_dragsSwipe) {
        const QRectF area = m_geometry.area();
        setSwipe((event->position().x() - area.left()) / std::max(area.width(), 1.0));
    } else if (m_dragFrom) {
        m_geometry.pan(event->position() - *m_dragFrom);
        m_dragFrom = event->position();
    } else {
        setCursor(isOnSwipeLine(event->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
    }
    update();
    Q_EMIT readoutChanged(readout());
}

void PlayerView::mouseReleaseEvent(QMouseEvent *)
{
    m_dragFrom.reset();
    m_dragsSwipe = false;
    unsetCursor();
}

void PlayerView::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_pointer = event->position();
    if (event->button() == Qt::LeftButton)
        m_geometry.isFitted() ? showPixels() : fitPicture();
}

void PlayerView::leaveEvent(QEvent *)
{
    m_pointer.reset();
    m_loupeHeld = false;
    update();
    Q_EMIT readoutChanged({});
}

void PlayerView::keyPressEvent(QKeyEvent *event)
{
    const Qt::KeyboardModifiers held = event->modifiers() & ~Qt::KeypadModifier;
    const bool control = held == Qt::ControlModifier || held == (Qt::ControlModifier | Qt::ShiftModifier);
    if (control && (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal))
        zoomIn();
    else if (control && event->key() == Qt::Key_Minus)
        zoomOut();
    else if (held == Qt::ControlModifier && event->key() == Qt::Key_0)
        fitPicture();
    else if (event->matches(QKeySequence::Copy))
        copyCitation();
    else if (held == Qt::NoModifier && event->key() == Qt::Key_C)
        Q_EMIT snapshotRequested();
    else if (held == Qt::ShiftModifier && event->key() == Qt::Key_C)
        copyPicture();
    else if (held == Qt::NoModifier && event->key() == Qt::Key_Z)
        setLoupe(!m_loupe);
    else if (held == Qt::NoModifier && event->key() == Qt::Key_W)
        toggleSwipe();
    else if (event->key() == Qt::Key_Alt) {
        m_loupeHeld = true;
        update();
    } else if (!m_keys->press(*event))
        QWidget::keyPressEvent(event);
}

void PlayerView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Alt) {
        m_loupeHeld = false;
        update();
    } else if (!m_keys->release(*event)) {
        QWidget::keyReleaseEvent(event);
    }
}

void PlayerView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        layOut();
    QWidget::changeEvent(event);
}

} // namespace fw
