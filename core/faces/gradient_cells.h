// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <vector>

namespace fw {

constexpr int kGradientDirections = 9; ///< over half a turn

/// The directions of the grey levels' gradients in square cells of a part, each cell scaled to length 1
/// with no direction above 0.2 of it before a second scaling. Pixels count for the two nearest
/// directions and the four nearest cells. Source: Dalal and Triggs, CVPR 2005; clipping: Lowe, IJCV 2004.
/// @param part  CV_32FC1, square. @param cells  along each side.
/// @return cells * cells * kGradientDirections numbers, row by row.
std::vector<float> gradientCells(const cv::Mat &part, int cells);

} // namespace fw
