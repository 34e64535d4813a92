// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/jpeg.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

/// The luma of a JPEG file as its coefficients say, before any rounding or clipping: what a decoder shows
/// lies within one grey level where it does not clip. CV_32FC1 over whole blocks, grey levels.
/// Errc::NotApplicable without coefficients or table, or when the first component is not at full resolution;
/// Errc::Cancelled when stopped.
Result<cv::Mat> storedLuma(const JpegFile &jpeg, std::stop_token stop = {});

/// Blocks of the luma whose samples a decoder clips, in whatever colour channel: clipping moves coefficients
/// off the steps of any save. CV_8UC1 per block, 255 = at most one sample in twenty is clipped.
/// @param luma  storedLuma. The other components are taken for Cb and Cr when there are three.
/// Errc::Cancelled when stopped.
Result<cv::Mat> unclippedBlocks(const JpegFile &jpeg, const cv::Mat &luma, std::stop_token stop = {});

/// The table of the luma component. Only after storedLuma succeeded.
const std::array<std::uint16_t, 64> &lumaTable(const JpegFile &jpeg);

/// Index in a block (row-major) of the k-th coefficient along the zigzag, k = 0..63.
int zigzagPlace(int k);

} // namespace fw
