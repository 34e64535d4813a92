// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "infer/network.h"
#include "photo/resampling_features.h"

#include <array>
#include <stop_token>

namespace fw {

constexpr int kResamplingTraces = 6;
extern const std::array<const char *, kResamplingTraces> kResamplingTraceNames;

/// Maps of chances over one picture; cell (x, y) stands for the 64 x 64 px from (stride x, stride y).
struct ResamplingMaps
{
    int stride = 16;       ///< px
    cv::Mat logOdds;       ///< CV_32FC1: mean of the five geometric traces, over 3 x 3 cells
    cv::Mat fused;         ///< the same about kFusedCentre, as smoothed chances, 0..1
    std::array<cv::Mat, kResamplingTraces> traces; ///< smoothed chances
    cv::Mat mask;          ///< CV_8UC1, 255: resampled unlike its surroundings
};

/// The mean log-odds that stand for a chance of one half, and how steeply the chance rises there.
constexpr double kFusedCentre = 0.0, kFusedSlope = 4.0;

/// Cells are at most this many: large pictures get a longer stride.
constexpr int kMostResamplingCells = 8000;

/// Log-odds of the six traces every `stride` px. CV_32FC1 each.
Result<std::array<cv::Mat, kResamplingTraces>> traceMaps(Network &network, const RadonFeatures &features, const cv::Mat &root,
                                                         int stride, std::stop_token stop);

/// All maps and the mask of a CV_8UC3 picture.
Result<ResamplingMaps> resamplingMaps(Network &traces, const RadonFeatures &features, const cv::Mat &bgr,
                                      std::stop_token stop);

} // namespace fw
