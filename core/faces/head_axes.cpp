// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/head_axes.h"

#include "faces/head_model.h"

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr double kLeastSpread = 1e-3; ///< second singular value over the first

cv::Vec3d vec(const cv::Point3f &p)
{
    return {p.x, p.y, p.z};
}

bool finite(const cv::Vec3d &v)
{
    return std::isfinite(v[0]) && std::isfinite(v[1]) && std::isfinite(v[2]);
}

} // namespace

cv::Point3f RigidMotion::map(const cv::Point3f &p) const
{
    const cv::Vec3d q = rotation * vec(p) + shift;
    return {float(q[0]), float(q[1]), float(q[2])};
}

std::optional<RigidMotion> motionToHeadAxes(const FacePoints3d &face)
{
    const auto points = rigidPoints();
    const double count = double(points.size());
    cv::Vec3d from{0, 0, 0}, to{0, 0, 0};
    for (const int i : points) {
        from += vec(face[std::size_t(i)]) / count;
        to += cv::Vec3d(neutralHead()[std::size_t(i)]) / count;
    }
    if (!finite(from))
        return std::nullopt;
    cv::Matx33d spread = cv::Matx33d::zeros();
    for (const int i : points) {
        const cv::Vec3d a = vec(face[std::size_t(i)]) - from;
        const cv::Vec3d b = cv::Vec3d(neutralHead()[std::size_t(i)]) - to;
        spread += b * a.t();
    }
    cv::Vec3d sizes;
    cv::Matx33d u, vt;
    cv::SVD::compute(spread, sizes, u, vt);
    if (!(sizes[1] > kLeastSpread * sizes[0]))
        return std::nullopt;
    const double sign = cv::determinant(u) * cv::determinant(vt) < 0 ? -1.0 : 1.0; // no reflection
    RigidMotion motion;
    motion.rotation = u * cv::Matx33d::diag({1, 1, sign}) * vt;
    motion.shift = to - motion.rotation * from;
    return motion;
}

std::optional<FacePoints3d> withoutPose(const FacePoints3d &face)
{
    const auto motion = motionToHeadAxes(face);
    if (!motion)
        return std::nullopt;
    FacePoints3d out;
    std::ranges::transform(face, out.begin(), [&](const cv::Point3f &p) { return motion->map(p); });
    return out;
}

std::optional<FacePoints3d> restShape(const std::vector<FacePoints3d> &faces)
{
    if (faces.size() < kLeastFacesForRest)
        return std::nullopt;
    std::vector<float> values(faces.size());
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    FacePoints3d rest;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        for (float cv::Point3f::*axis : {&cv::Point3f::x, &cv::Point3f::y, &cv::Point3f::z}) {
            std::ranges::transform(faces, values.begin(),
                                   [&](const FacePoints3d &face) { return face[i].*axis; });
            std::nth_element(values.begin(), middle, values.end());
            rest[i].*axis = *middle;
        }
    }
    return rest;
}

} // namespace fw
