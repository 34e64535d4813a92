// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/face_choice.h"
#include "panels/behaviour/head_scene.h"

#include <QWidget>

namespace fw {

/// The fitted head of the shown face at the playhead, in space. Drag: turn; wheel, + and -: larger
/// or smaller; Ctrl with the arrow keys: turn by five degrees; 0 or a double click: straight again.
class HeadView : public QWidget
{
    Q_OBJECT
public:
    /// @param choice  outlives the view.
    explicit HeadView(FaceChoice &choice, QWidget *parent = nullptr);

    HeadViewpoint viewpoint() const { return m_viewpoint; }
    const Turntable &turned() const { return m_turned; }
    double zoom() const { return m_zoom; }
    void setRest(const std::optional<FacePoints3d> &rest);
    std::optional<HeadScene> scene() const;
    QPointF toView(const QPointF &millimetres) const;

    QSize sizeHint() const override { return {300, 300}; }
    QSize minimumSizeHint() const override { return {140, 120}; }

public Q_SLOTS:
    void setViewpoint(fw::HeadViewpoint viewpoint);
    void reset(); ///< straight, and at its first size
    void refresh();

Q_SIGNALS:
    void viewpointChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void turn(double yaw, double pitch);
    void setZoom(double zoom);
    void paintHead(QPainter &painter, const HeadScene &scene, const QColor &color) const;
    void paintStrokes(QPainter &painter, const HeadScene &scene, const QColor &color) const;
    void paintRest(QPainter &painter, const HeadScene &scene) const;
    void paintGaze(QPainter &painter, const HeadScene &scene, double confidence) const;
    QString captionOf(const HeadScene &scene) const;

    FaceChoice &m_choice;
    HeadViewpoint m_viewpoint = HeadViewpoint::Camera;
    Turntable m_turned;
    double m_zoom = 1.0;
    std::optional<FacePoints3d> m_rest;
    QPointF m_dragFrom;
};

} // namespace fw
