// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

constexpr uchar kNoVote = 255;

/// For each sample the block grid (origin x + 8 y, 0..63) whose 8 x 8 window around it has the most
/// coefficients that a JPEG coder has rounded to zero; kNoVote on ties, in windows that do not change
/// along x or y, and within 7 px of the border.
/// @param luma  CV_8UC1, at least 64 px each way. @return CV_8UC1 of the same size.
/// Errc::NotApplicable when smaller, Errc::Cancelled when asked to stop.
/// Source: Nikoukhah, Colom, Morel, Grompone von Gioi, ZERO: a Local JPEG Grid Origin Detector, IPOL 2021.
Result<cv::Mat> gridVotes(const cv::Mat &luma, std::stop_token stop);

} // namespace fw
