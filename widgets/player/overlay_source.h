// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "paint/overlay.h"

#include <optional>
#include <vector>

namespace fw {

/// One thing that can be drawn over the picture.
struct LayerInfo
{
    enum class Kind { Faces, Vectors, Heat, Motion } kind = Kind::Faces;
    QString layer; ///< "faces.box", "vectors/<pluginId>/<id>", "heat/<pluginId>/<id>", "coding.motion"
    QString title;
    QString about;
    QString method; ///< for people; empty for faces
    QColor color;   ///< the layer's own; invalid: one colour per face
    std::vector<FrameIndex> frames; ///< of heat maps, ascending
    friend bool operator==(const LayerInfo &, const LayerInfo &) = default;
};

/// A method may give one map per frame under one name, or number the names by frame: maps whose ids
/// differ only by their frame number are one layer.
QString heatLayer(const QString &pluginId, const HeatMap &map);

/// Everything that the clip's observations and results offer, faces first.
std::vector<LayerInfo> availableLayers(const ClipModel &model);

/// Heat maps and coded motion cover the picture, so they are shown when switched on, other layers
/// until switched off.
bool layerShown(const ClipModel &model, const LayerInfo &layer);

/// The map of a layer that belongs to a frame: its own, or the nearest before it, or the first.
const HeatMap *heatMapAt(const ClipModel &model, const QString &layer, FrameIndex frame);

/// What to draw over one frame. Borrows from the model: use it before the model changes.
struct FrameOverlay
{
    OverlayContent content;
    const HeatMap *shownMap = nullptr; ///< the one whose colour bar is shown
};
/// @param picture  the decoded frame, for coded motion; may be null.
FrameOverlay overlayAt(const ClipModel &model, FrameIndex frame, const Frame *picture = nullptr);

} // namespace fw
