// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

/// A guess that the picture around some places came from around others: x goes to map * (x, 1).
struct CopyMap
{
    cv::Matx23d map;
    std::vector<cv::Point2f> seeds; ///< places, px, that were seen to agree
};

/// A place whose picture stands a second time somewhere else.
struct CopiedRegion
{
    cv::Matx23d map;       ///< from the one place to the other, px
    cv::Mat mask;          ///< CV_8UC1 of the picture's size: the one place
    cv::Mat twinMask;      ///< the other one
    cv::Rect box, twinBox; ///< px
    int area = 0;          ///< px of the one place
    double correlation = 0.0; ///< median over the place, 0..1
    double difference = 0.0;  ///< grey levels after a blur of 1.5 px: median of what gain and offset of a window leave
    double scale = 1.0, rotationDegrees = 0.0;
};

/// How alike two places must be. A blur takes away what interpolation and coding did to one of them.
struct CopyLimits
{
    double correlation = 0.6;     ///< of windows of 7 px, to belong to the region
    int leastArea = 600;          ///< px
    double leastShare = 0.0015;   ///< of the picture
    double leastDistance = 24.0;  ///< px between the places
    double sameDifference = 2.5;  ///< grey levels: more is a like structure, not the same picture
    double sameCorrelation = 0.95;
    double leastContrast = 6.0;   ///< grey levels: standard deviation that the place must have
};

/// Compares the picture with itself under the map and grows the region around the seeds.
/// @param grey  CV_32FC1. nullopt when nothing large enough agrees, or when stopped. Deterministic; any thread.
std::optional<CopiedRegion> copiedRegion(const cv::Mat &grey, const CopyMap &guess, const CopyLimits &limits,
                                         std::stop_token stop = {});

/// The same picture, not only a like structure.
bool isSamePicture(const CopiedRegion &region, const CopyLimits &limits);

} // namespace fw
