// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/finding.h"
#include "residual_map.h"

namespace fw {

/// When a picture counts as what. The contrast was set on cameras that were not measured afterwards.
struct ResidualLimits
{
    double apart = 1.4;        ///< times the median distance: cells from here on belong to a place
    double leastShare = 0.01;  ///< of the windows
    double mostShare = 0.4;
    double contrast = 22.0;    ///< times the median distance: a place is named from here on; 4 % of pristine pictures of fitting cameras reach it
    double leastValid = 0.3;   ///< of the windows, below nothing is read
};

/// The connected place that lies farthest from most of the picture.
struct ResidualPlace
{
    cv::Rect area;          ///< px, whole windows
    double share = 0.0;     ///< of the windows
    double contrast = 0.0;  ///< median distance inside over that of the picture
};
std::optional<ResidualPlace> farthestPlace(const ResidualMap &map, const ResidualLimits &limits = {});

/// The map, and the residual itself in five steps around the place or in the middle. @param luma  CV_32FC1.
void addMaps(const ResidualMap &map, const std::optional<ResidualPlace> &place, const cv::Mat &luma, FrameIndex index, Measurements *measured);

/// Names what was found and is never more than inconclusive: skies, water and what lies out of focus stand out as well.
Finding residualClaim(const ResidualMap &map, const std::optional<ResidualPlace> &place, const ResidualLimits &limits = {});

} // namespace fw
