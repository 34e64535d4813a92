// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <QColor>
#include <QPainter>
#include <QPainterPath>
#include <QTransform>

namespace fw {

/// Draws what every overlay is made of: lines with a halo, arrows, dots and small signs, in sizes
/// that follow the painter's font.
class OverlayPen
{
public:
    /// @param frame  px. The painter and the transform outlive the pen.
    OverlayPen(QPainter &painter, const QTransform &toDevice, const cv::Size &frame);

    QPainter &painter() const { return m_painter; }
    const cv::Size &frame() const { return m_frame; }
    double line() const { return m_line; } ///< painter units of a thin line
    double scale() const;                  ///< painter units of a frame pixel
    QPointF map(const cv::Point2f &p) const { return m_toDevice.map(QPointF(p.x, p.y)); }
    QRectF map(const cv::Rect2f &r) const
    {
        return m_toDevice.mapRect(QRectF(r.x, r.y, r.width, r.height));
    }

    void stroke(const QPainterPath &path, const QColor &color, double width,
                Qt::PenStyle style = Qt::SolidLine) const;
    /// A dot when both ends fall together; nothing when one is not a number.
    void arrow(const QPointF &from, const QPointF &to, const QColor &color, double width) const;
    /// Keeps its middle in view: a dot that is larger than `least` gets the more see-through the
    /// larger it is.
    void dot(const QPointF &at, double radius, double least, const QColor &color) const;
    /// A small sign whose lower left corner is at `corner`, kept inside the picture.
    void label(const QPointF &corner, const QString &text, const QColor &color) const;

private:
    QPainter &m_painter;
    const QTransform &m_toDevice;
    cv::Size m_frame;
    double m_line;
};

} // namespace fw
