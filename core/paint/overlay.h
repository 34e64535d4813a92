// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "findings/measurement.h"
#include "media/coding.h"

#include <QColor>
#include <QFontMetricsF>
#include <QPainter>
#include <QTransform>

#include <map>
#include <vector>

namespace fw {

/// How one layer is drawn. Layers are named: "faces.box", "faces.landmarks", "faces.mesh",
/// "faces.pose", "faces.head-box", "faces.eyes", "faces.gaze", "vectors/<pluginId>/<id>",
/// "heat/<pluginId>/<id>", "coding.motion".
struct LayerStyle
{
    bool visible = true;
    QColor color;         ///< invalid: the layer's own
    double opacity = 1.0; ///< 0..1
};

/// The style of a layer. What is not listed is visible and opaque; a heat map lets the picture
/// through, and the fitted mesh and coded motion are hidden.
LayerStyle styleOf(const std::map<QString, LayerStyle> &styles, const QString &layer);

/// The colour that a layer has of itself; invalid: one per face or per axis.
QColor layerColor(const QString &layer);

/// Turns to grey as a measurement gets unsure: itself from 0.6, grey from 0.2 down.
QColor fadedColor(const QColor &color, double confidence);

/// Everything to draw over one frame. Values only: it is filled by the case or a run.
struct OverlayContent
{
    const FaceObservations *faces = nullptr;
    struct Vectors
    {
        QString layer;
        QColor color;
        std::vector<VectorSeries::Item> items; ///< of this frame only
    };
    std::vector<Vectors> vectors;
    struct Heat
    {
        QString layer;
        const HeatMap *map = nullptr;
    };
    std::vector<Heat> heat;
    const std::vector<MotionVector> *motion = nullptr; ///< layer "coding.motion"
    int rotationDegrees = 0; ///< clockwise turn from coded to shown pixels, for `motion`
};

/// Draws overlays on a picture: the one place that does, for the player and for the report.
/// Lines and labels follow the size of the painter's font. Heat maps show their cells as they are,
/// unsmoothed; a tracked (not detected) face has a dashed box; people count faces from 1. What is
/// drawn of a face fades to grey as its confidence drops.
/// @param toDevice  from frame pixels to painter units.
/// @param frameSize  px, needed for the camera of what lies in space (focal length = width).
void paintOverlay(QPainter &painter, const QTransform &toDevice, const cv::Size &frameSize,
                  const OverlayContent &content, const std::map<QString, LayerStyle> &styles);

/// A vertical colour bar with range, unit and three ticks, inside `rect`; wide enough at
/// colorBarWidth().
void paintColorBar(QPainter &painter, const QRectF &rect, const HeatMap &map, const QColor &text);
double colorBarWidth(const QFontMetricsF &metrics, const HeatMap &map);

} // namespace fw
