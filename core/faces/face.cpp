// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face.h"

#include <algorithm>
#include <cmath>

namespace fw {

EulerAngles eulerAngles(const cv::Matx33d &r)
{
    EulerAngles angles;
    angles.yawRadians = std::asin(std::clamp(r(0, 2), -1.0, 1.0));
    if (std::abs(r(0, 2)) < 1.0 - 1e-12) {
        angles.pitchRadians = std::atan2(-r(1, 2), r(2, 2));
        angles.rollRadians = std::atan2(-r(0, 1), r(0, 0));
    } else {
        // A profile seen exactly from the side: pitch and roll turn about the same axis. All of it
        // is called pitch, so that the round trip still gives the same rotation.
        angles.pitchRadians = std::atan2(r(2, 1), r(1, 1));
    }
    return angles;
}

cv::Matx33d rotationOf(const EulerAngles &angles)
{
    const double cp = std::cos(angles.pitchRadians), sp = std::sin(angles.pitchRadians);
    const double cy = std::cos(angles.yawRadians), sy = std::sin(angles.yawRadians);
    const double cr = std::cos(angles.rollRadians), sr = std::sin(angles.rollRadians);
    const cv::Matx33d x(1, 0, 0, 0, cp, -sp, 0, sp, cp);
    const cv::Matx33d y(cy, 0, sy, 0, 1, 0, -sy, 0, cy);
    const cv::Matx33d z(cr, -sr, 0, sr, cr, 0, 0, 0, 1);
    return x * y * z;
}

} // namespace fw
