// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>
#include <vector>

namespace fw {

/// Which qualities are tried, and on which of the 64 block grids.
struct GhostRange
{
    int lowest = 51;
    int highest = 100;
    int step = 1;
    cv::Point shift{0, 0}; ///< px, 0..7: where the first whole block starts
};

/// How much every place of a picture changes when the picture is saved again as JPEG at each
/// quality. One cell is 8 px wide and averages a window of 16 x 16 px around its centre.
struct GhostStack
{
    std::vector<int> qualities;       ///< ascending
    std::vector<cv::Mat> differences; ///< per quality, CV_32FC1: mean squared difference, grey levels²
    cv::Mat texture;                  ///< CV_32FC1: variance within the blocks, grey levels²
    std::vector<double> curve;        ///< per quality: mean over the whole picture, grey levels²
    cv::Rect2f covered;               ///< px of the picture that the cells tile

    /// The entry of `quality`; -1 when it was not tried.
    int indexOf(int quality) const;
    /// One cell's difference over the qualities, grey levels².
    std::vector<float> curveAt(cv::Point cell) const;
};

/// @param bgr  CV_8UC3, at least 32 px each way, in the orientation in which it was coded: JPEG
///             blocks start at the top left corner.
/// @return Errc::NotApplicable for smaller pictures, Errc::Cancelled when `stop` was asked.
///
/// A save at quality q rounds the transform coefficients of each 8 x 8 block to multiples of the
/// table's steps; by Parseval's theorem the mean squared difference of the pixels is that of the
/// coefficients. So one forward transform serves all qualities, and no picture is really encoded.
/// Luma only: what chroma does depends on the subsampling of the earlier save, which nobody knows.
/// Deterministic; any thread. Source: Farid, Exposing Digital Forgeries from JPEG Ghosts, 2009.
Result<GhostStack> ghostStack(const cv::Mat &bgr, const GhostRange &range, std::stop_token stop);

} // namespace fw
