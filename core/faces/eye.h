// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>
#include <optional>

namespace fw {

/// A line of sight in camera axes (x right, y down, z forward).
struct Gaze
{
    cv::Vec3f origin;    ///< centre of the eyeball, mm
    cv::Vec3f direction; ///< unit vector; (0,0,-1) looks straight into the camera
};

/// What was measured on one eye, full-frame pixels.
struct EyeObservation
{
    cv::Point2f iris;       ///< centre
    float irisRadius = 0.0f; ///< px
    /// Seven points along the upper lid and five along the lower: 0 is the corner at the left of
    /// the picture, 6 the other corner, 7..11 lead back along the lower lid.
    std::array<cv::Point2f, 12> lids{};
    float openness = 0.0f;    ///< 0 shut .. 1 wide open
    std::optional<Gaze> gaze; ///< nullopt when the eye is shut, too small or turned away
};

} // namespace fw
