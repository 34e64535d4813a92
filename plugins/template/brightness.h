// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/finding.h"

#include <opencv2/core.hpp>

#include <vector>

// The algorithm: plain C++ that a test calls without a host. Nothing here knows of plugins.
namespace brightness {

/// Mean luma of a picture.
/// @param bgr  CV_8UC3.
/// @return 0 (black) to 255 (white), BT.601 weights. Deterministic; any thread.
double meanLuma(const cv::Mat &bgr);

struct Jump
{
    std::size_t at = 0; ///< place of the later of the two values
    double size = 0.0;  ///< levels, > 0
};

/// Changes between neighbouring values of at least `least`, in order.
std::vector<Jump> findJumps(const std::vector<double> &values, double least);

/// The claim: consistent when nothing jumps, else inconclusive, because a jump has many causes.
/// @param trace  one value for each frame that was seen; at least one.
fw::Finding conclude(const fw::Trace &trace, const std::vector<Jump> &jumps, double least);

} // namespace brightness
