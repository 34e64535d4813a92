// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "player/overlay_source.h"
#include "player/picture_geometry.h"
#include "player/playback_controller.h"

#include <QImage>
#include <QWidget>

#include <optional>

namespace fw {

class PlayerKeys;

/// The picture under the playhead with everything that was measured on it.
///   Ctrl+wheel, Ctrl +/-/0: zoom about the pointer, fit · drag: move · double click: 1:1 / fit ·
///   wheel: one frame · Z or Alt held: loupe · W: swipe, drag its line · Ctrl+C: copy the frame's citation ·
///   C: snapshot, Shift+C: picture to the clipboard · and the keys of PlayerKeys
class PlayerView : public QWidget
{
    Q_OBJECT
public:
    /// @param controller  outlives the view.
    explicit PlayerView(PlaybackController &controller, QWidget *parent = nullptr);

    const PictureGeometry &geometryOfPicture() const { return m_geometry; }
    bool isLoupeOn() const { return m_loupe; }
    /// Where the line stands that parts the bare picture (left of it) from the picture with its
    /// layers, as a share of the picture's area; nullopt: the layers cover the whole picture.
    std::optional<double> swipe() const { return m_swipe; }
    /// "x 12 px, y 30 px · B 1 G 2 R 3" of the pixel under the pointer; empty outside the picture.
    QString readout() const;
    /// What is said instead of, or about, the picture: nothing open, decoding, failed, inexact.
    QString message() const;
    /// The picture in its own pixels, with the visible layers drawn over it when asked.
    QImage snapshot(bool withLayers) const;
    QSize sizeHint() const override { return {640, 400}; }
    QSize minimumSizeHint() const override { return {200, 150}; }

public Q_SLOTS:
    void zoomIn();
    void zoomOut();
    void fitPicture();
    void showPixels(); ///< one frame pixel per screen point
    void setLoupe(bool on);
    void setSwipe(std::optional<double> share); ///< kept within 0..1
    void toggleSwipe();
    void copyCitation();
    void copyPicture();

Q_SIGNALS:
    void snapshotRequested(); ///< C was pressed: somebody who knows where to store it does so
    void loupeChanged(bool on);
    void swipeChanged(bool on);
    void readoutChanged(const QString &text);
    void zoomChanged(double zoom);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void takePicture();
    void layOut();
    void zoomBy(double factor);
    void updateAccessibleText();
    QPointF zoomCentre() const;
    bool loupeShown() const { return (m_loupe || m_loupeHeld) && m_pointer; }
    void paintPicture(QPainter &painter) const;
    void paintBadge(QPainter &painter, const QString &text, Qt::Alignment where) const;
    void paintLoupe(QPainter &painter) const;
    void paintSwipeLine(QPainter &painter) const;
    double swipeX() const; ///< px of the view; only while there is a swipe
    bool isOnSwipeLine(const QPointF &at) const;
    void paintMessage(QPainter &painter, const QString &text) const;

    PlaybackController &m_controller;
    ClipModel &m_model;
    PlayerKeys *m_keys;
    PictureGeometry m_geometry;
    FramePtr m_frame; ///< that m_image was made of
    QImage m_image;
    FrameOverlay m_overlay; ///< borrowed from the model; renewed by layOut
    QRectF m_barRect;       ///< of the colour bar; empty when there is none
    std::optional<QPointF> m_pointer;
    std::optional<QPointF> m_dragFrom;
    bool m_loupe = false, m_loupeHeld = false;
    std::optional<double> m_swipe;
    bool m_dragsSwipe = false;
    double m_wheel = 0.0; ///< of a notch, left over
};

} // namespace fw
