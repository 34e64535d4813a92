// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "infer/network.h"
#include "photo/place_values.h"
#include "sequence_map.h"

#include <array>
#include <stop_token>

namespace fw {

constexpr int kResamplingTraces = 6;
extern const std::array<const char *, kResamplingTraces> kResamplingTraceNames;

/// Maps of chances over one picture; cell (x, y) stands for the 64 x 64 px from (stride x, stride y).
struct ResamplingMaps
{
    int stride = 16;       ///< px
    cv::Mat logOdds;       ///< CV_32FC1: resampled unlike most of the picture, mean over 3 x 3 cells, over their median
    cv::Mat fused;         ///< the same about kPlaceCentre, as smoothed chances, 0..1
    std::array<cv::Mat, kResamplingTraces> traces; ///< smoothed chances
    cv::Mat mask;          ///< CV_8UC1, 255: resampled unlike its surroundings
    cv::Mat neighbourhood; ///< chance of each 4 x 4 px that it was resampled unlike the 256 px around it; empty: too small
};

/// The log-odds over those of most of the picture that stand for a chance of one half; set on fitting cameras.
constexpr double kPlaceCentre = 1.5;

/// Cells are at most this many: large pictures get a longer stride.
constexpr int kMostResamplingCells = 8000;

/// Judges places by what they are like (the six traces), by how they differ from most of their picture (places) and by
/// what lies around them (sequence).
struct ResamplingNetworks
{
    std::unique_ptr<Network> traces, places, sequence;
    RadonFeatures radon;
    SequenceInput sequenceInput;
};

/// All maps and the mask of a CV_8UC3 picture of at least one place. Errc::Cancelled; Errc::BadData when a network
/// gives other numbers than it should.
Result<ResamplingMaps> resamplingMaps(ResamplingNetworks &networks, const cv::Mat &bgr, std::stop_token stop);

} // namespace fw
