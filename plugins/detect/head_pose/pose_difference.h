// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/head_pose.h"
#include "faces/own_head.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// The head as its whole face says and as its centre says.
struct PosePair
{
    HeadPose whole, central;
    double angleRadians = 0.0; ///< between the two facing directions
};

/// Source: Yang, Li, Lyu, ICASSP 2019 (arXiv 1811.00661); solved so that neither pose can be a mirrored
/// one, the centre starting from the whole face.
/// @param head  where the points lie on this head, mm.
/// @return Errc::BadData when either pose cannot be found or the two are more than 60 degrees apart.
Result<PosePair> comparePoses(const Landmarks68 &points, const Camera &camera, const HeadModel &head = neutralHead());

/// What the paper's classifier sees: the central rotation minus the whole one, row by row, then the
/// translations likewise (mm).
std::array<double, 12> poseFeature(const PosePair &pair);

/// The turn from the whole face to its centre as a rotation vector in head axes, radians.
cv::Vec3d turnBetween(const PosePair &pair);

/// What landmark noise alone gives on a head that is one piece: over `draws` projections of the head
/// in this pose with normal noise.
struct NoiseBand
{
    double medianRadians = 0.0; ///< of the angle
    double p95Radians = 0.0;
    double turnRmsRadians = 0.0; ///< of turnBetween
};
std::optional<NoiseBand> noiseBand(const HeadPose &pose, const Camera &camera, double sigmaPixels, int draws,
                                   std::uint64_t seed, const HeadModel &head = neutralHead());

/// Landmark noise of a track, px: from what is left of each coordinate after the mean of its
/// neighbours in time is taken away, which motion that is smooth over three frames does not reach.
std::optional<double> landmarkNoise(const std::vector<Landmarks68> &consecutive);

} // namespace fw
