// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw {

/// What a wavelet denoiser (db4, 4 levels, noise of 5 grey levels) takes away from one channel.
/// @param plane  CV_32FC1, grey levels. @return the same size and unit.
/// Source: Mihcak et al. 1999 as used by Lukas, Fridrich, Goljan, TIFS 2006.
cv::Mat waveletResidual(const cv::Mat &plane);

/// One level of the transform on sides that are multiples of 2, and its inverse: the quarters hold the
/// approximation and the three details. For tests.
cv::Mat waveletForward(const cv::Mat &plane);
cv::Mat waveletInverse(const cv::Mat &quarters);

/// Removes what all sensors of a model share: the means, row means and column means of the four
/// sub-lattices, then peaks of the spectrum. CV_32FC1.
cv::Mat withoutSharedPatterns(const cv::Mat &pattern);

/// The noise of a picture, ready for comparison. @param bgr  CV_8UC3. @return CV_32FC1.
cv::Mat pictureNoise(const cv::Mat &bgr);

} // namespace fw
