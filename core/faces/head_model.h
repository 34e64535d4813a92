// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>
#include <span>

namespace fw {

/// Where the 68 points lie on a head, in mm. Head axes: x to the image right of a head that looks
/// into the camera, y down, z away from the camera; origin = centroid of the points.
using HeadModel = std::array<cv::Point3d, 68>;

/// The neutral mean head of ICT-FaceKit (MIT licence; Li et al., CVPR 2020). Outer eye corners are
/// 89.2 mm apart, the ends of the jaw line 147 mm.
const HeadModel &neutralHead();

/// Points that move little when a face speaks, blinks or frowns: the jaw line near the ears, the
/// nose and the corners of the eyes.
std::span<const int> rigidPoints();

} // namespace fw
