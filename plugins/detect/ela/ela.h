// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

namespace fw {

/// The difference between a picture and itself saved once more as JPEG.
struct ErrorLevels
{
    cv::Mat means;       ///< CV_32FC1, one value per cell: mean absolute difference, grey levels
    int cell = 4;        ///< px
    cv::Rect2f covered;  ///< px of the picture that the cells tile
    double mean = 0.0;   ///< over all pixels and channels, grey levels
    double highest = 0.0; ///< of the cells
};

/// @param bgr  CV_8UC3 in the orientation in which it was coded.
/// @param quality  of the save, 1..100 (libjpeg's scale, chroma at half resolution).
/// @return Errc::BadData for an empty picture. Deterministic; any thread.
Result<ErrorLevels> errorLevels(const cv::Mat &bgr, int quality);

} // namespace fw
