// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <vector>

namespace fw::lab {

/// What an H.264 encoder (x264) makes of a sequence: lids that move little stay where they were.
/// @param pictures  CV_8UC1, all of one size; replaced by what a decoder gives.
/// @param quality   constant rate factor, 0..51; greater is worse.
/// Errors: Errc::Unsupported where FFmpeg has no such encoder.
Result<void> throughH264(std::vector<cv::Mat> &pictures, double quality);

} // namespace fw::lab
