// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/player_view.h"

#include "paint/color_map.h"

#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {
constexpr int kLoupePixels = 17; // odd, so that one pixel is in the middle
constexpr int kLoupeSide = 11 * kLoupePixels;
const QColor kBackdrop(0x18, 0x18, 0x1a); // the same in every theme: colours are judged against it
const QColor kBackdropInk(0xd8, 0xd8, 0xd8);
} // namespace

void PlayerView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), kBackdrop);
    const QString said = message();
    if (m_image.isNull() || m_controller.problem()) {
        paintMessage(painter, said);
        return;
    }
    paintPicture(painter);
    if (!said.isEmpty())
        paintBadge(painter, said, Qt::AlignTop | Qt::AlignLeft);
    if (const HeatMap *map = m_overlay.shownMap) {
        paintColorBar(painter, m_barRect, *map, kBackdropInk);
        const bool other = m_frame && map->frame != m_frame->index;
        paintBadge(painter,
                   other ? tr("%1: map of frame %2, not of this frame").arg(map->title).arg(map->frame)
                         : map->title,
                   Qt::AlignTop | Qt::AlignRight);
    }
    if (loupeShown())
        paintLoupe(painter);
    if (const QString text = readout(); !text.isEmpty()) {
        // In the corner that the pointer is far away from.
        const bool low = m_pointer->y() > height() * 0.7 && m_pointer->x() < width() * 0.6;
        paintBadge(painter, text, low ? Qt::AlignBottom | Qt::AlignRight : Qt::AlignBottom | Qt::AlignLeft);
    }
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void PlayerView::paintPicture(QPainter &painter) const
{
    painter.save();
    painter.setClipRect(m_geometry.area());
    const QTransform transform = m_geometry.toView();
    // Past twice its size a picture is looked at for its pixels: no smoothing may invent any.
    const double pixel = m_geometry.zoom() * devicePixelRatioF();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, pixel < 2.0 && std::abs(pixel - 1.0) > 1e-6);
    const QRectF seen = transform.inverted().mapRect(m_geometry.area()).intersected(QRectF(m_image.rect()));
    const QRectF source(QRectF(seen.toAlignedRect()).intersected(QRectF(m_image.rect())));
    painter.drawImage(transform.mapRect(source), m_image, source);
    if (m_swipe) {
        QRectF layered = m_geometry.area();
        layered.setLeft(swipeX());
        painter.setClipRect(layered);
    }
    paintOverlay(painter, transform, cv::Size(m_image.width(), m_image.height()), m_overlay.content,
                 m_model.layerStyles());
    painter.restore();
    if (m_swipe)
        paintSwipeLine(painter);
}

void PlayerView::paintSwipeLine(QPainter &painter) const
{
    const QRectF area = m_geometry.area();
    const QPointF grip(swipeX(), area.center().y());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0, 0, 0, 160), 3.0));
    painter.drawLine(QPointF(grip.x(), area.top()), QPointF(grip.x(), area.bottom()));
    painter.setPen(QPen(Qt::white, 1.0));
    painter.drawLine(QPointF(grip.x(), area.top()), QPointF(grip.x(), area.bottom()));
    painter.setBrush(QColor(0, 0, 0, 190));
    painter.drawEllipse(grip, 10.0, 10.0);
    for (const double side : {-1.0, 1.0}) { // two arrow heads: it can be dragged both ways
        const QPointF tip = grip + QPointF(side * 7.0, 0.0), back = grip + QPointF(side * 3.0, 0.0);
        painter.drawLine(tip, back + QPointF(0.0, -4.0));
        painter.drawLine(tip, back + QPointF(0.0, 4.0));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void PlayerView::paintBadge(QPainter &painter, const QString &text, Qt::Alignment where) const
{
    const QFontMetricsF metrics(font());
    const QRectF area = m_geometry.area().adjusted(8, 8, -8, -8);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, area.width() - 16);
    QRectF badge(0, 0, metrics.horizontalAdvance(shown) + 16, metrics.height() + 8);
    badge.moveLeft(where & Qt::AlignRight ? area.right() - badge.width() : area.left());
    badge.moveTop(where & Qt::AlignBottom ? area.bottom() - badge.height() : area.top());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 190));
    painter.drawRoundedRect(badge, 4, 4);
    painter.setPen(Qt::white);
    painter.drawText(badge, Qt::AlignCenter, shown);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void PlayerView::paintLoupe(QPainter &painter) const
{
    const QPointF at = m_geometry.toFrame(*m_pointer);
    const int x = int(std::floor(at.x())), y = int(std::floor(at.y()));
    if (!m_image.rect().contains(x, y))
        return;
    const int half = kLoupePixels / 2, cell = kLoupeSide / kLoupePixels;
    QRect box(0, 0, kLoupeSide, kLoupeSide);
    box.moveTopLeft((*m_pointer + QPointF(24, 24)).toPoint());
    if (box.right() > width() - 8)
        box.moveRight(int(m_pointer->x()) - 24);
    if (box.bottom() > height() - 8)
        box.moveBottom(int(m_pointer->y()) - 24);
    const QImage cut = m_image.copy(x - half, y - half, kLoupePixels, kLoupePixels);
    painter.fillRect(box.adjusted(-2, -2, 2, 2), QColor(0, 0, 0, 200));
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(box, cut);
    const QRect middle(box.left() + half * cell, box.top() + half * cell, cell, cell);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(Qt::black);
    painter.drawRect(middle.adjusted(-1, -1, 0, 0));
    painter.setPen(Qt::white);
    painter.drawRect(middle.adjusted(-2, -2, 1, 1));
    painter.drawRect(box.adjusted(-1, -1, 0, 0));
}

void PlayerView::paintMessage(QPainter &painter, const QString &text) const
{
    painter.setPen(kBackdropInk);
    painter.drawText(rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, text);
}

} // namespace fw
