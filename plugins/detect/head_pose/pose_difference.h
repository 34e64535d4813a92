// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/head_pose.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// Brows, nose, mouth corners and the jaw line: 0..35, 48, 54.
std::span<const int> wholeFacePoints();
/// The same without the jaw line: 17..35, 48, 54.
std::span<const int> centralFacePoints();

/// The head as its whole face says and as its centre says.
struct PosePair
{
    HeadPose whole, central;
    double angleRadians = 0.0; ///< between the two facing directions
};

/// Source: Yang, Li, Lyu, ICASSP 2019 (arXiv 1811.00661); solved so that neither pose can be a mirrored
/// one, the centre starting from the whole face.
/// @return Errc::BadData when either pose cannot be found or the two are more than 60 degrees apart.
Result<PosePair> comparePoses(const Landmarks68 &points, const Camera &camera);

/// The angle that landmark noise alone gives on a head that is one piece: quantiles over `draws`
/// projections of the model in this pose with normal noise.
struct NoiseBand
{
    double medianRadians = 0.0;
    double p95Radians = 0.0;
};
std::optional<NoiseBand> noiseBand(const HeadPose &pose, const Camera &camera, double sigmaPixels, int draws, std::uint64_t seed);

/// Landmark noise of a track, px: from what is left of each coordinate after the mean of its
/// neighbours in time is taken away, which motion that is smooth over three frames does not reach.
std::optional<double> landmarkNoise(const std::vector<Landmarks68> &consecutive);

/// Distance between the outer corners of the eyes, px.
double eyeCornerDistance(const Landmarks68 &points);

} // namespace fw
