// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "faces/head_axes.h"

#include <QPointF>

#include <array>
#include <optional>
#include <vector>

namespace fw {

/// From where a fitted head is looked at.
enum class HeadViewpoint {
    Camera,  ///< as it was filmed, pose and perspective
    Front,   ///< from its own front: the pose is removed
    Neutral, ///< the same over this face's own rest, with the differences drawn
};

/// How the reader turned the head: about the vertical axis, then about the horizontal one.
struct Turntable
{
    double yawRadians = 0.0;   ///< positive: the face turns towards image left
    double pitchRadians = 0.0; ///< positive: the face turns down
    friend bool operator==(const Turntable &, const Turntable &) = default;
};

/// A head made flat for drawing. Plane: millimetres at the distance of the head's middle, x right,
/// y down, (0, 0) the middle of the head.
struct HeadScene
{
    struct Triangle
    {
        std::array<int, 3> points;
        double depth = 0.0;  ///< larger is farther away
        double light = 0.0;  ///< 0 edge on .. 1 facing the viewer
        bool inside = false; ///< seen from within the head
    };
    struct Ray
    {
        QPointF from, to;
    };
    std::array<QPointF, 68> points;
    std::array<bool, 68> seen{}; ///< belongs to a triangle that faces the viewer
    std::vector<Triangle> triangles; ///< farthest first
    std::optional<std::array<QPointF, 68>> rest; ///< Neutral only
    std::vector<Ray> gaze;
    EulerAngles pose; ///< how the filmed head is turned, from the fitted points
};

/// @param face  needs an expression fit. @param rest  in head axes, for Neutral.
/// nullopt when there is no fit, or its points are no face.
std::optional<HeadScene> headScene(const FaceObservation &face, HeadViewpoint viewpoint, const Turntable &turned,
                                   const std::optional<FacePoints3d> &rest);

} // namespace fw
