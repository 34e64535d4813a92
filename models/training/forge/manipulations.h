// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>

namespace fw {

/// What the acceptance checks of residual statistics ask to be told from an untouched picture.
enum class Manipulation { Median, Gaussian, Noise, Enlarged };
constexpr int kManipulations = 4;
constexpr std::array<const char *, kManipulations> kManipulationNames{"median of 5 x 5", "Gaussian 1.1", "noise of 2", "enlarged 1.5"};

/// @param bgr  CV_8UC3. Noise is drawn by what is in the picture, so that the same picture always gets the same.
cv::Mat manipulated(const cv::Mat &bgr, Manipulation manipulation);

} // namespace fw
