// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

/// Noise of a picture in cells of 16 px.
struct NoiseMap
{
    cv::Mat sigma;    ///< CV_32FC1, grey levels: median absolute finest diagonal detail over 0.6745
    cv::Mat relative; ///< CV_32FC1: ln of sigma over what the picture's own cells of that brightness have
    cv::Rect2f covered; ///< px of the picture that the cells tile
};
constexpr int kNoiseCell = 16;

/// @param bgr  CV_8UC3. Errc::NotApplicable below 128 px. Deterministic; any thread.
/// Source: Mahdian and Saic, Using Noise Inconsistencies for Blind Image Forensics, IVC 27(10), 2009.
/// Brightness: the lower quartile of the cells of each of 16 classes stands for the sensor's own noise.
Result<NoiseMap> noiseMap(const cv::Mat &bgr, std::stop_token stop = {});

} // namespace fw
