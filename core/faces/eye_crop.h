// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"
#include "faces/camera.h"

#include <opencv2/core.hpp>

#include <array>
#include <optional>

namespace fw {

/// Networks see an eye in a part of this size, px: one and a half eye widths across.
constexpr int kEyeCropWidth = 64, kEyeCropHeight = 40;

/// Frame to part for one eye, upright as the face is. The size follows the eye's width, but not
/// below 0.6 of what the whole face lets expect, so that an eye that turns away does not fill the
/// part. nullopt when the points are no shape.
std::optional<Similarity> eyeCropOf(const Landmarks68 &points, Eye eye);

/// The rotation of camera axes after which a pixel lies straight ahead. A gaze looks the same in the
/// picture wherever the face is only when it is told from the line of view.
cv::Matx33d straightAhead(const cv::Point2d &pixel, const Camera &camera);

/// Where each of the twelve lid points (see EyeObservation) goes when the picture is mirrored.
const std::array<int, 12> &mirroredLids();

} // namespace fw
