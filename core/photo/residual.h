// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

/// Y = 0.299 R + 0.587 G + 0.114 B of a CV_8UC3 picture, CV_32FC1, grey levels.
cv::Mat lumaOf(const cv::Mat &bgr);

/// What the adaptive Wiener filter over 3 x 3 samples takes away: x - (m + max(v - n, 0) / max(v, n) (x - m))
/// with the local mean m and variance v, and n the mean of v over the picture.
/// @param plane  CV_32FC1, grey levels. @return the same size and unit.
/// Deterministic; any thread. Source: Lim, Two-Dimensional Signal and Image Processing, 1990.
cv::Mat wienerResidual(const cv::Mat &plane);

/// Mean over the three channels of a CV_8UC3 picture's Wiener residuals; empty when stopped.
cv::Mat meanWienerResidual(const cv::Mat &bgr, std::stop_token stop = {});

/// Per block of 8 x 8 samples, starting at `origin`: 255 where the block holds texture and is not
/// clipped, else 0. @param leastSigma  standard deviation of the samples, grey levels.
/// @param mostClipped  share of samples at 0 or 255. CV_8UC1 over whole blocks.
cv::Mat usableBlocks(const cv::Mat &luma, cv::Point origin, double leastSigma, double mostClipped);

} // namespace fw
