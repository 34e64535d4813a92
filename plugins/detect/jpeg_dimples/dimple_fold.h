// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "photo/block_transform.h"

#include <opencv2/core.hpp>

#include <cstdint>
#include <stop_token>

namespace fw {

/// The mean of a residual over all 8 x 8 blocks, its own mean removed, grey levels; with what one of
/// its values would scatter by if blocks were independent.
struct Fold
{
    Block values{};
    double sigma = 0.0; ///< grey levels
    int blocks = 0;     ///< that took part
};

/// The published statistic: how far the strongest of the 64 shifts of an impulse template stands out.
struct ImpulseEnergy
{
    double pce = 0.0;   ///< peak to correlation energy
    cv::Point phase;    ///< px, 0..7
};

/// @param residual  CV_32FC1. @param usable  CV_8UC1 over whole blocks, as of usableBlocks.
/// Plain mean, as published.
Fold plainFold(const cv::Mat &residual, const cv::Mat &usable);

/// PCE over the 64 shifts. Source: Agarwal and Farid, Photo Forensics from JPEG Dimples, WIFS 2017.
ImpulseEnergy impulseEnergy(const Fold &fold);

/// Every block's high-pass samples, weighted by the inverse of their standard deviation: quiet blocks
/// count more, but not so much more that they move the edge of a place beside texture. Unlike after an
/// adaptive filter the dimple keeps its height in texture.
struct BlockStack
{
    cv::Mat samples;  ///< CV_32FC(64) over the blocks: weight x (luma - its 3 x 3 mean)
    cv::Mat weights;  ///< CV_32FC1: 1 / standard deviation, 0 where the block is not usable
    cv::Mat counted;  ///< CV_32FC1: 1 where usable
};
/// @param luma  CV_32FC1. @param origin  px, 0..7: where the first block starts. Ends early when stopped.
BlockStack blockStack(const cv::Mat &luma, cv::Point origin, std::stop_token stop = {});
/// @param without  blocks to leave out, CV_8UC1 over the blocks; may be empty.
Fold weightedFold(const BlockStack &stack, const cv::Mat &without = {});

/// The dimple that rounding all coefficients up leaves with these steps, seen through the same high
/// pass: zero mean, unit length. @param length  when given: its length before, grey levels.
Block expectedDimple(const std::array<std::uint16_t, 64> &table, double *length = nullptr);

double dot(const Block &a, const Block &b);

/// The block moved cyclically, so that what stood at (0, 0) stands at `to`.
Block shifted(const Block &block, cv::Point to);

} // namespace fw
