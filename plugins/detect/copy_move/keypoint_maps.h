// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "copied_region.h"

#include <stop_token>

namespace fw {

/// Maps that several pairs of like key points of one picture agree on, most pairs first.
/// @param grey  CV_8UC1. Errc::Cancelled when asked to stop. Deterministic.
/// Source: Amerini et al., A SIFT-based Forensic Method for Copy-Move Attack Detection, IEEE TIFS 6(3), 2011.
Result<std::vector<CopyMap>> keypointMaps(const cv::Mat &grey, std::stop_token stop);

/// The affine map that carries `from` to `to` with the least squared distance; nullopt when the points lie
/// on a line.
std::optional<cv::Matx23d> affineBetween(const std::vector<cv::Point2f> &from, const std::vector<cv::Point2f> &to);

} // namespace fw
