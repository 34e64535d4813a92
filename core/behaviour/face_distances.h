// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <optional>

namespace fw {

/// What the landmarks themselves say of single movements, seen from the front, in distances of the
/// outer eye corners. The fitted expression is pulled to rest by its prior, so that small movements
/// of brows, lids, nose and chin stay silent in it; the plain distances do not.
struct FaceDistances
{
    double innerBrow = 0.0;   ///< height over the inner eye corners: AU01
    double outerBrow = 0.0;   ///< height over the outer eye corners: AU02
    double browGap = 0.0;     ///< between the brows, negative: AU04
    double lowerLid = 0.0;    ///< height over the line of the eye corners: AU07
    double nostrils = 0.0;    ///< height towards the root of the nose: AU09
    double upperLip = 0.0;    ///< to the nose, negative: AU10
    double lipCorners = 0.0;  ///< height towards the nose: AU12
    double cornersDown = 0.0; ///< below the middle of the lips: AU15
    double chin = 0.0;        ///< to the lower lip, negative: AU17
    double mouthWidth = 0.0;  ///< AU20
};

/// Lifts the landmarks to the depth of the fitted points and turns them to the front. The camera is
/// the one that fits both best. nullopt when a point is not finite or the fit is flat.
std::optional<FaceDistances> faceDistances(const Landmarks68 &points, const std::array<cv::Point3f, 68> &fit);

} // namespace fw
