// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dimple_search.h"

#include "base/result.h"

#include <stop_token>

namespace fw {

/// Where dimples are as strong as in the whole picture, and where they are missing.
struct DimpleMap
{
    cv::Mat relative;  ///< CV_32FC1 per block: local over global amplitude; NaN where nothing can be said
    cv::Mat missing;   ///< CV_32FC1 per block: 0 (as elsewhere) .. 1 (gone); NaN as above
    cv::Mat mask;      ///< CV_8UC1 per block: connected places where they are missing
    cv::Mat energy;    ///< CV_32FC1 per block: PCE of the published statistic in the window
    double unseen = 0.0; ///< share of blocks where nothing can be said
};

struct DimpleMapSettings
{
    /// px: each place is read in the smallest window that can say something.
    std::array<int, 2> windows{128, 256};
    int edgeWindow = 64;        ///< px, to draw the edge of a place that larger windows found
    int energyWindow = 128;     ///< px, for the published statistic
    double leastDeviations = 5; ///< a window says something when the global amplitude would be so many sigma
    double missingBelow = 0.5;  ///< of the global amplitude
    double leastUsable = 0.4;   ///< share of a window's blocks
    double leastArea = 0.01;    ///< of the picture
    int leastCells = 144;       ///< blocks: a place of about 96 x 96 px
};

/// @param global  from the same stack. Errc::Cancelled when asked to stop.
Result<DimpleMap> dimpleMap(const BlockStack &stack, const DimpleMatch &global,
                            const DimpleMapSettings &settings, std::stop_token stop);

} // namespace fw
