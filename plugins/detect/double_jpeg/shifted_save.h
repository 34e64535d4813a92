// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fw {

constexpr int kShiftedBands = 6; ///< the mean and the five lowest frequencies along the zigzag

/// What one frequency says of an earlier save on another block grid.
struct ShiftedBand
{
    int place = 0;          ///< row-major index in the block
    int firstStep = 0;      ///< at which the coefficients repeat most clearly
    double strength = 0.0;  ///< number of values times the square of their mean cosine above that of all grids
    double concentration = 0.0; ///< mean cosine where the save is seen, 0..1; see shiftedLogRatio
};

/// The trace of an earlier save on one grid other than the file's.
struct ShiftedSave
{
    cv::Point shift;        ///< px, 0..7 each, not (0, 0): where that grid starts
    double strength = 0.0;  ///< sum over bands, less what the choice of a step gives by chance
    std::array<ShiftedBand, kShiftedBands> bands;
};

/// Looks at the lowest frequencies on all 63 shifted grids: where a grid was that of an earlier save, they
/// lie near multiples of its steps. The mean over grids is subtracted, so that what every grid shares
/// (flat places, narrow distributions) does not count. Grids that share rows or columns with the file's own
/// repeat its steps in single bands: there the strongest band is not heard, and the rest counts half.
/// @param luma  storedLuma. @param table  of the file, for the steps that can be seen.
/// @return the three clearest grids, strongest first. Errc::Cancelled; Errc::NotApplicable below 64 blocks.
/// Source: Bianchi and Piva, ICASSP 2011 and TIFS 7(3), 2012; the mean cosine is our own statistic.
Result<std::vector<ShiftedSave>> shiftedSaves(const cv::Mat &luma, const std::array<std::uint16_t, 64> &table, std::stop_token stop);

/// ln p(saved before on that grid) / p(not) per block of the shifted grid, CV_32FC1. The share of blocks and
/// how closely each band keeps to its steps come by expectation and maximisation; `save` receives the latter.
/// @param share  receives the share of blocks, 0..1. Errc::Cancelled when stopped.
Result<cv::Mat> shiftedLogRatio(const cv::Mat &luma, ShiftedSave *save, double *share, std::stop_token stop);

} // namespace fw
