// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "photo/resampling_features.h"

namespace fw {

constexpr int kPlaceSpectrum = 81; ///< 9 x 9 frequencies
constexpr int kPlaceResiduals = 338;
constexpr int kPlaceValues = kResamplingFeatures + kPlaceResiduals + kPlaceSpectrum;

/// Sizes of a place's frequencies: log power of luma in 25 Hann windows of 16 x 16 px, those of one direction and of its
/// mirror image together. @param luma  CV_32FC1, grey levels, kResamplingPatch a side. @param to  kPlaceSpectrum
/// values, row by row from frequency 0 to 1/2.
void placeSpectrum(const cv::Mat &luma, float *to);

/// What the network of resampled places is fed of each place of kResamplingPatch px: the 874 values of line sums, the
/// short descriptor of luma's residuals, which interpolation smooths, and the spectrum; each about as large as the others.
/// @param bgr  CV_8UC3. @param corners  upper left corners of places inside. @return one row per corner, CV_32FC1.
cv::Mat placeValues(const RadonFeatures &radon, const cv::Mat &bgr, const std::vector<cv::Point> &corners);

/// The median of each column, 1 row. What a place is like says little: an enlarged paste in one picture looks like an
/// untouched place of a softer one. How it differs from most of its own picture says more.
cv::Mat medianValues(const cv::Mat &values);

/// The values, and beside them their differences to the median: twice as wide.
cv::Mat withDifferences(const cv::Mat &values, const cv::Mat &median);

} // namespace fw
