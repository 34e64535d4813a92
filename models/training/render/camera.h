// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw::render {

/// A pinhole camera: focal length and centre in pixels; whole numbers are pixel centres.
struct Camera
{
    cv::Size size;
    double focal = 0;
    cv::Point2d centre;

    /// A camera whose focal length is `focalPerWidth` picture widths, looking through the middle.
    static Camera ofSize(cv::Size size, double focalPerWidth = 1.0);

    /// Pixels of a point in camera axes (millimetres, z away from the camera, z > 0).
    cv::Point2d project(const cv::Vec3d &point) const
    {
        return {focal * point[0] / point[2] + centre.x, focal * point[1] / point[2] + centre.y};
    }
};

/// Head axes to camera axes: `camera = rotation * head + translation`, millimetres.
struct HeadPose
{
    cv::Matx33d rotation = cv::Matx33d::eye();
    cv::Vec3d translation;

    cv::Vec3d map(const cv::Vec3d &point) const { return rotation * point + translation; }
};

/// R = Rx(pitch) Ry(yaw) Rz(roll), radians. Positive pitch turns the face down, positive yaw
/// towards image left, positive roll clockwise in the image.
cv::Matx33d rotationFromEuler(double pitch, double yaw, double roll);

/// Pitch, yaw, roll of such a rotation.
cv::Vec3d eulerFromRotation(const cv::Matx33d &r);

/// The pose that turns the head by `rotation` about a point of the head that stays at `place`.
HeadPose poseAbout(const cv::Matx33d &rotation, const cv::Vec3d &headPoint, const cv::Vec3d &place);

} // namespace fw::render
