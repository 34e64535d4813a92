// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace fw {

/// What one frequency says of an earlier save on the same block grid.
struct FirstSaveBand
{
    int zigzag = 0;          ///< 0 = mean of the block
    int place = 0;           ///< row-major index in the block
    int secondStep = 1;      ///< of the file
    int firstStep = 0;       ///< that explains the coefficients best; 0: none does
    double share = 0.0;      ///< of blocks that went through the first save, 0..1
    double gain = 0.0;       ///< log-likelihood of the mixture over that of one save, per coefficient that is not 0
    int nonZero = 0;         ///< coefficients that are not 0
    int lowest = 0;          ///< coefficient of the first entry of logRatio
    std::vector<float> logRatio; ///< ln p(saved twice) / p(saved once) by coefficient, within +-kMostLogRatio
};
constexpr float kMostLogRatio = 3.0F;
constexpr int kFirstSaveBands = 15;
constexpr int kLeastNonZero = 4;

/// Estimates the earlier save's step band by band. The distribution without it comes from the picture
/// itself, transformed on grids that no save used; quantising that with each candidate step and then with
/// the file's gives the one with it.
/// @param luma  storedLuma. @param coefficients  CV_16SC1, quantised. @param usable  CV_8UC1 per block.
/// Errc::Cancelled. Source: Bianchi and Piva, TIFS 7(3), 2012, with likelihood instead of squared error.
Result<std::vector<FirstSaveBand>> firstSave(const cv::Mat &luma, const cv::Mat &coefficients,
                                             const std::array<std::uint16_t, 64> &table, const cv::Mat &usable,
                                             std::stop_token stop);

/// ln p(saved twice) / p(saved once) per block: the sum over bands. CV_32FC1; 0 where not usable, and where
/// fewer than kLeastNonZero coefficients are not 0: what is left in nearly flat blocks is rounding.
/// @param bands  those to be heard.
cv::Mat firstSaveLogRatio(const cv::Mat &coefficients, const std::vector<FirstSaveBand> &bands, const cv::Mat &usable);

} // namespace fw
