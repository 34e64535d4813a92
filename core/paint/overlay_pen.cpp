// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/overlay_pen_p.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

const QColor kHalo(0, 0, 0, 170); // keeps lines visible on bright and on dark pictures

} // namespace

OverlayPen::OverlayPen(QPainter &painter, const QTransform &toDevice, const cv::Size &frame)
    : m_painter(painter), m_toDevice(toDevice), m_frame(frame),
      m_line(std::max(1.0, QFontMetricsF(painter.font()).height() / 11.0))
{
}

double OverlayPen::scale() const
{
    return std::sqrt(std::abs(m_toDevice.determinant()));
}

void OverlayPen::stroke(const QPainterPath &path, const QColor &color, double width,
                        Qt::PenStyle style) const
{
    m_painter.setBrush(Qt::NoBrush);
    m_painter.setPen(QPen(kHalo, width + m_line * 1.2));
    m_painter.drawPath(path);
    m_painter.setPen(QPen(color, width, style, Qt::FlatCap, Qt::MiterJoin));
    m_painter.drawPath(path);
}

void OverlayPen::arrow(const QPointF &from, const QPointF &to, const QColor &color,
                       double width) const
{
    const QPointF along = to - from;
    const double length = std::hypot(along.x(), along.y());
    if (!(length > 0.5)) { // also not-a-number
        m_painter.setPen(QPen(kHalo, m_line));
        m_painter.setBrush(color);
        if (std::isfinite(length))
            m_painter.drawEllipse(from, width * 1.5, width * 1.5);
        return;
    }
    const QPointF unit = along / length, side(-unit.y(), unit.x());
    const double head = std::min(length * 0.4, width * 4.5);
    QPainterPath path;
    path.moveTo(from);
    path.lineTo(to);
    path.moveTo(to - unit * head + side * head * 0.6);
    path.lineTo(to);
    path.lineTo(to - unit * head - side * head * 0.6);
    stroke(path, color, width);
}

void OverlayPen::dot(const QPointF &at, double radius, double least, const QColor &color) const
{
    const double shown = std::max(radius, least);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(kHalo);
    m_painter.drawEllipse(at, least * 1.5, least * 1.5);
    if (shown > least * 1.2) {
        QColor wide = color;
        wide.setAlphaF(float(std::clamp(0.9 * least / shown, 0.12, 0.6)));
        m_painter.setBrush(wide);
        wide.setAlphaF(0.8f);
        m_painter.setPen(QPen(wide, m_line * 0.5));
        m_painter.drawEllipse(at, shown, shown);
        m_painter.setPen(Qt::NoPen);
    }
    m_painter.setBrush(color);
    m_painter.drawEllipse(at, least, least);
}

void OverlayPen::label(const QPointF &corner, const QString &text, const QColor &color) const
{
    const QFontMetricsF metrics(m_painter.font());
    const double pad = m_line * 2;
    QRectF sign(corner.x(), corner.y() - metrics.height() - pad,
                metrics.horizontalAdvance(text) + 2 * pad, metrics.height() + pad);
    const QRectF visible = m_toDevice.mapRect(QRectF(0, 0, m_frame.width, m_frame.height));
    if (sign.top() < visible.top())
        sign.moveTop(std::max(visible.top(), corner.y()));
    if (sign.right() > visible.right())
        sign.moveRight(visible.right());
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(QColor(16, 16, 16, 200));
    m_painter.drawRect(sign);
    m_painter.fillRect(QRectF(sign.left(), sign.top(), m_line * 1.5, sign.height()), color);
    m_painter.setPen(Qt::white);
    m_painter.drawText(sign.adjusted(pad, 0, 0, 0), Qt::AlignCenter, text);
}

} // namespace fw
