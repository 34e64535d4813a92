// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/picture_geometry.h"

#include <algorithm>
#include <cmath>

namespace fw {

void PictureGeometry::setFrame(const QSizeF &frame, double sampleAspect)
{
    m_aspect = std::isfinite(sampleAspect) && sampleAspect > 0.0 ? sampleAspect : 1.0;
    m_frame = frame;
}

void PictureGeometry::setArea(const QRectF &area)
{
    // The middle of the picture shown stays in the middle when the window changes its size.
    if (!m_fitted)
        m_corner += area.center() - m_area.center();
    m_area = area;
}

double PictureGeometry::fitZoom() const
{
    if (m_frame.isEmpty() || m_area.isEmpty())
        return 1.0;
    return std::min(m_area.width() / (m_frame.width() * m_aspect), m_area.height() / m_frame.height());
}

double PictureGeometry::zoom() const
{
    return m_fitted ? fitZoom() : m_zoom;
}

void PictureGeometry::fit()
{
    m_fitted = true;
}

void PictureGeometry::zoomAt(const QPointF &fixed, double factor)
{
    setZoomAt(fixed, zoom() * factor);
}

void PictureGeometry::setZoomAt(const QPointF &fixed, double wanted)
{
    // Large pictures get no smaller than fitted, small ones no smaller than one to one.
    const double fitted = fitZoom(), least = std::min(fitted, 1.0);
    const double target = std::clamp(wanted, least, std::max(kMaxZoom, least));
    if (target <= fitted * (1 + 1e-9) && fitted <= 1.0) {
        fit();
        return;
    }
    const QPointF kept = toFrame(fixed);
    m_zoom = target;
    m_fitted = false;
    m_corner = fixed - QPointF(kept.x() * m_zoom * m_aspect, kept.y() * m_zoom);
    keepOnPicture();
}

void PictureGeometry::pan(const QPointF &delta)
{
    if (m_fitted)
        return;
    m_corner += delta;
    keepOnPicture();
}

void PictureGeometry::keepOnPicture()
{
    const QPointF middle = m_area.center();
    m_corner.setX(std::clamp(m_corner.x(), middle.x() - m_frame.width() * m_zoom * m_aspect, middle.x()));
    m_corner.setY(std::clamp(m_corner.y(), middle.y() - m_frame.height() * m_zoom, middle.y()));
}

QTransform PictureGeometry::toView() const
{
    const double scale = zoom();
    QPointF corner = m_corner;
    if (m_fitted) {
        corner = m_area.center()
            - QPointF(m_frame.width() * scale * m_aspect, m_frame.height() * scale) / 2;
    }
    return QTransform(scale * m_aspect, 0, 0, scale, corner.x(), corner.y());
}

QPointF PictureGeometry::toFrame(const QPointF &view) const
{
    return toView().inverted().map(view);
}

} // namespace fw
