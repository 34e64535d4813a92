// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QTransform>

namespace fw {

/// Where a picture lies in a view: fitted, or zoomed and moved by hand. Frame pixels are stretched
/// sideways by the sample aspect, so that the picture has the shape that it is meant to have.
class PictureGeometry
{
public:
    static constexpr double kMaxZoom = 64.0;

    /// @param frame  px.  @param sampleAspect  width of a frame pixel over its height.
    void setFrame(const QSizeF &frame, double sampleAspect);
    /// @param area  part of the widget that the picture may use.
    void setArea(const QRectF &area);

    bool isFitted() const { return m_fitted; }
    void fit();
    /// View units per frame pixel, measured upright.
    double zoom() const;
    /// Changes the zoom and keeps the frame point under `fixed` where it is. Zooming out past the
    /// fitted size fits.
    void zoomAt(const QPointF &fixed, double factor);
    void setZoomAt(const QPointF &fixed, double zoom);
    /// Moves the picture; the middle of the area stays on the picture.
    void pan(const QPointF &delta);

    QTransform toView() const;
    QPointF toFrame(const QPointF &view) const;
    QRectF pictureRect() const { return toView().mapRect(QRectF(QPointF(), m_frame)); }
    const QRectF &area() const { return m_area; }

private:
    double fitZoom() const;
    void keepOnPicture();

    QSizeF m_frame;
    double m_aspect = 1.0;
    QRectF m_area;
    bool m_fitted = true;
    double m_zoom = 1.0;
    QPointF m_corner; ///< of the picture in the view, when not fitted
};

} // namespace fw
