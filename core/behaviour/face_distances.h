// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <optional>

namespace fw {

/// What the landmarks themselves say of movements that the reader of action units sees badly, from the
/// front, in distances of the outer eye corners. The fitted expression is pulled to rest by its prior, so
/// that small movements stay silent in it; the plain distances do not.
struct FaceDistances
{
    double lowerLid = 0.0;    ///< height over the line of the eye corners: AU07
    double cornersDown = 0.0; ///< below the middle of the lips: AU15
    double chin = 0.0;        ///< to the lower lip, negative: AU17
};

/// Lifts the landmarks to the depth of the fitted points and turns them to the front. The camera is
/// the one that fits both best. nullopt when a point is not finite or the fit is flat.
std::optional<FaceDistances> faceDistances(const Landmarks68 &points, const std::array<cv::Point3f, 68> &fit);

} // namespace fw
