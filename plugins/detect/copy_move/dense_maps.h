// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "copied_region.h"

#include <stop_token>

namespace fw {

/// Where every place of a picture finds its most alike other place.
struct OffsetField
{
    cv::Mat offsets;  ///< CV_32FC2, px; whole numbers
    cv::Mat distance; ///< CV_32FC1, between the features
};

/// Twelve magnitudes of polar cosine moments of a disc of 17 px around every sample: turning the disc
/// does not change them. @param grey  CV_32FC1. @return CV_32FC(12); empty when stopped.
cv::Mat rotationFreeFeatures(const cv::Mat &grey, std::stop_token stop = {});

/// PatchMatch over the features: random offsets, then better ones from neighbours and from random
/// places around. @param leastDistance  px. Errc::Cancelled. The same seed gives the same field.
/// Source: Cozzolino, Poggi, Verdoliva, Efficient Dense-Field Copy-Move Forgery Detection, IEEE TIFS 10(11), 2015.
Result<OffsetField> nearestPlaces(const cv::Mat &features, double leastDistance, std::uint64_t seed,
                                  std::stop_token stop);

/// Maps of connected places where the offsets change linearly, the largest first.
std::vector<CopyMap> denseMaps(const OffsetField &field, double leastDistance);

} // namespace fw
