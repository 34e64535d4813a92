// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>

namespace fw {

/// How often two values stand beside each other, CV_32SC1 256 x 256.
using PairCounts = cv::Mat;

/// Neighbours to the right and below within one channel, each pair counted both ways round: symmetric.
/// @param plane  CV_8UC1. Whole numbers, so parts of a picture may be counted apart and added.
PairCounts neighbourCounts(const cv::Mat &plane);

/// Values of two channels at the same place: row = the first. @param first, second  CV_8UC1 of one size.
PairCounts channelCounts(const cv::Mat &first, const cv::Mat &second);

/// Six matrices of a CV_8UC3 picture: neighbours within R, G and B (Nataraj et al. 2019), then R with G,
/// R with B and G with B at the same place (Barni et al., WIFS 2020).
std::array<PairCounts, 6> pairCounts(const cv::Mat &bgr);

/// Shares that sum to 1, CV_64FC1; all 0 for a matrix without counts.
cv::Mat pairShares(const PairCounts &counts);

/// For networks and for the eye: the root of the shares, the greatest at 1, summed over cells of
/// 256 / side levels first. CV_32FC1, side x side; side divides 256.
cv::Mat pairPicture(const PairCounts &counts, int side);

/// Empty grey levels between the 2 and 98 % quantiles of a channel: contrast stretching, few colours.
int emptyLevels(const cv::Mat &plane);
/// More gaps than this and the matrices show the tone curve, not the source.
constexpr int kMostEmptyLevels = 8;

} // namespace fw
