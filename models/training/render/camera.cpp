// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/camera.h"

#include <algorithm>
#include <cmath>

namespace fw::render {

Camera Camera::ofSize(cv::Size size, double focalPerWidth)
{
    return {size, focalPerWidth * size.width, {(size.width - 1) / 2.0, (size.height - 1) / 2.0}};
}

cv::Matx33d rotationFromEuler(double pitch, double yaw, double roll)
{
    const double cp = std::cos(pitch), sp = std::sin(pitch);
    const double cy = std::cos(yaw), sy = std::sin(yaw);
    const double cr = std::cos(roll), sr = std::sin(roll);
    const cv::Matx33d rx(1, 0, 0, 0, cp, -sp, 0, sp, cp);
    const cv::Matx33d ry(cy, 0, sy, 0, 1, 0, -sy, 0, cy);
    const cv::Matx33d rz(cr, -sr, 0, sr, cr, 0, 0, 0, 1);
    return rx * ry * rz;
}

cv::Vec3d eulerFromRotation(const cv::Matx33d &r)
{
    return {std::atan2(-r(1, 2), r(2, 2)), std::asin(std::clamp(r(0, 2), -1.0, 1.0)),
            std::atan2(-r(0, 1), r(0, 0))};
}

HeadPose poseAbout(const cv::Matx33d &rotation, const cv::Vec3d &headPoint, const cv::Vec3d &place)
{
    return {rotation, place - rotation * headPoint};
}

} // namespace fw::render
