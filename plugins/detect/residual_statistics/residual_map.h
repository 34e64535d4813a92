// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

/// The paper takes windows of 128 px, a step of 2 and 25 axes, for pictures of several megapixels; in smaller ones so many axes
/// fit the paste as well. These were set on pictures of 0.4 megapixels by cameras that are not measured.
struct ResidualMapSettings
{
    int window = 64;              ///< px
    int mostCells = 50'000;       ///< larger pictures get larger cells
    int leastAxes = 5, mostAxes = 25; ///< that the 50 values of a window are brought down to
    int windowsPerAxis = 20;      ///< windows side by side for each axis
    double outlierDensity = 1.4;  ///< see OutlierMixtureSettings; for each axis
    double leastUsable = 0.85;    ///< of a window's samples
    double mostFlat = 0.95;       ///< of its tuples that hold nothing but zeros: above, there is no texture
    int mostFitted = 4000;        ///< windows that the fit looks at
};

/// How unlike most of its picture each window is.
struct ResidualMap
{
    int cell = 8, window = 128; ///< px; window (x, y) starts at (cell x, cell y)
    cv::Mat distance;           ///< CV_32FC1: Mahalanobis distance to most windows; NaN: not usable
    cv::Mat relative;           ///< the same over its median
    double valid = 0.0;         ///< share of windows that are usable
    int axes = 0;
    double outliers = 0.0;      ///< share of those that the fit left out
};

/// @param luma  CV_32FC1. Errc::NotApplicable below one window; Errc::Cancelled. A map of NaN when there are too few
/// usable windows to fit. Deterministic. Source: Cozzolino, Poggi, Verdoliva, WIFS 2015.
Result<ResidualMap> residualMap(const cv::Mat &luma, std::stop_token stop, const ResidualMapSettings &settings = {});

} // namespace fw
