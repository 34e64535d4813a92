// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/face_distances.h"

#include "faces/head_axes.h"

#include <cmath>
#include <initializer_list>

namespace fw {

namespace {

struct Projection
{
    double focal = 0.0, centreX = 0.0, centreY = 0.0;
};

/// Least squares over x = focal * X / Z + centreX and the same in y.
std::optional<Projection> projectionOf(const Landmarks68 &points, const FacePoints3d &fit)
{
    double u = 0, v = 0, x = 0, y = 0, ux = 0, uu = 0;
    constexpr double n = 68.0;
    for (std::size_t i = 0; i < 68; ++i) {
        const double z = double(fit[i].z);
        if (!(z > 1.0) || !std::isfinite(points[i].x) || !std::isfinite(points[i].y))
            return std::nullopt;
        const double a = double(fit[i].x) / z, b = double(fit[i].y) / z;
        u += a / n, v += b / n, x += double(points[i].x) / n, y += double(points[i].y) / n;
        ux += a * double(points[i].x) + b * double(points[i].y);
        uu += a * a + b * b;
    }
    const double spread = uu - n * (u * u + v * v);
    if (!(spread > 1e-9))
        return std::nullopt;
    const double focal = (ux - n * (u * x + v * y)) / spread;
    if (!(focal > 1.0))
        return std::nullopt;
    return Projection{focal, x - focal * u, y - focal * v};
}

cv::Point3d mean(const FacePoints3d &face, std::initializer_list<std::size_t> which)
{
    cv::Point3d sum;
    for (const std::size_t i : which)
        sum += cv::Point3d(face[i]);
    return sum / double(which.size());
}

} // namespace

std::optional<FaceDistances> faceDistances(const Landmarks68 &points, const FacePoints3d &fit)
{
    const auto camera = projectionOf(points, fit);
    const auto motion = motionToHeadAxes(fit);
    if (!camera || !motion)
        return std::nullopt;
    FacePoints3d face;
    for (std::size_t i = 0; i < 68; ++i) {
        const double z = double(fit[i].z);
        const cv::Point3f seen(float((double(points[i].x) - camera->centreX) / camera->focal * z),
                               float((double(points[i].y) - camera->centreY) / camera->focal * z), fit[i].z);
        face[i] = motion->map(seen);
    }
    const double unit = std::hypot(double(face[45].x - face[36].x), double(face[45].y - face[36].y));
    if (!(unit > 1.0))
        return std::nullopt;
    // y grows downwards: height is a difference the other way round.
    const auto height = [&](std::initializer_list<std::size_t> of, std::initializer_list<std::size_t> over) {
        return (mean(face, over).y - mean(face, of).y) / unit;
    };
    FaceDistances d;
    d.lowerLid = height({40, 41, 46, 47}, {36, 39, 42, 45});
    d.cornersDown = -height({48, 54}, {51, 57, 62, 66});
    d.chin = -height({57}, {8});
    return d;
}

} // namespace fw
