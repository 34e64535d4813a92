// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw::lab {

constexpr int kPairPlanes = 9, kPairLevels = 64;

/// Nine matrices of pairs of values of a CV_8UC3 picture, each the root of the shares, its greatest at 1: within R, G
/// and B in steps of four grey levels; within what the mean of the four neighbours leaves of R, G and B, -32..31 in
/// steps of one; R with G, R with B and G with B at the same place. A light form of the matrices of Nataraj et al.
/// (2019) and Barni et al. (WIFS 2020), because 256 px a side hold too few pairs for 65 536 cells.
/// @param to  kPairPlanes x kPairLevels x kPairLevels values.
void pairPlanes(const cv::Mat &bgr, float *to);

} // namespace fw::lab
