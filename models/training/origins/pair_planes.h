// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw::lab {

constexpr int kPairPlanes = 6, kPairLevels = 64;
constexpr int kPairTile = 256; ///< px a side of what the network of pairs judges at once

/// What the network of pairs is fed: matrices of pairs of what the mean of its four neighbours leaves of a sample, -32
/// to 31, each the root of the shares with the greatest at 1: neighbours within R, G and B, then R with G, R with B
/// and G with B at the same place. A light form of the matrices of Nataraj et al. (2019) and Barni et al. (WIFS 2020):
/// 256 px a side hold too few pairs for 65 536 cells, and matrices of the values themselves show tone and camera
/// above all.
/// @param bgr  CV_8UC3, at least 3 px a side. @return CV_32FC(6), 64 x 64.
cv::Mat pairPlanes(const cv::Mat &bgr);

} // namespace fw::lab
