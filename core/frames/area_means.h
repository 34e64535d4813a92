// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw {

/// A much smaller copy: the mean of the picture under each cell of a grid, cells that end inside a
/// pixel taking their share of it. The numbers are those of cv::INTER_AREA, at a fraction of its time.
/// @param grey   CV_8UC1
/// @param cells  columns and rows, no more than the picture has
/// @return CV_32FC1 of that size; empty when the picture is empty or smaller
cv::Mat areaMeans(const cv::Mat &grey, cv::Size cells);

} // namespace fw
