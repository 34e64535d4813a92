// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw {

/// A pinhole camera with square pixels and no distortion.
struct Camera
{
    double focal = 1.0;       ///< px
    cv::Point2d centre{0, 0}; ///< px

    /// What is assumed when nothing is known of the lens: focal length = picture width (a
    /// horizontal field of view of 53 degrees), principal point in the middle.
    static Camera assumed(int width, int height)
    {
        return {double(width), {0.5 * width, 0.5 * height}};
    }

    /// @param point  mm, camera axes, z > 0. @return px.
    cv::Point2d project(const cv::Vec3d &point) const
    {
        return {centre.x + focal * point[0] / point[2], centre.y + focal * point[1] / point[2]};
    }
};

} // namespace fw
