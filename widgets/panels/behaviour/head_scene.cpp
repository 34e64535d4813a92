// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/head_scene.h"

#include "faces/face_mesh.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kViewerMm = 700.0;          ///< where the viewer stands when it is not the camera
constexpr double kMiddleMm = 45.0;           ///< the turning axis lies this far behind the head's origin
constexpr double kEyeballMm = 12.0, kGazeMm = 60.0;
constexpr double kNearestMm = 20.0;

cv::Vec3d vec(const cv::Point3f &p)
{
    return {p.x, p.y, p.z};
}

/// The turntable in viewer axes.
cv::Matx33d rotationOf(const Turntable &turned)
{
    return fw::rotationOf({turned.pitchRadians, 0.0, 0.0}) * fw::rotationOf({0.0, turned.yawRadians, 0.0});
}

/// Turns about the middle of the head and looks from the origin of the axes given.
class Viewer
{
public:
    Viewer(const cv::Vec3d &middle, const Turntable &turned) : m_middle(middle), m_rotation(rotationOf(turned)) {}

    cv::Vec3d turned(const cv::Vec3d &point) const { return m_middle + m_rotation * (point - m_middle); }
    std::optional<QPointF> flat(const cv::Vec3d &point) const
    {
        const cv::Vec3d p = turned(point);
        if (!(p[2] > kNearestMm))
            return std::nullopt;
        const double distance = m_middle[2];
        return QPointF((p[0] / p[2] - m_middle[0] / distance) * distance,
                       (p[1] / p[2] - m_middle[1] / distance) * distance);
    }

private:
    cv::Vec3d m_middle;
    cv::Matx33d m_rotation;
};

std::optional<std::array<QPointF, 68>> flatPoints(const Viewer &viewer, const std::array<cv::Vec3d, 68> &points)
{
    std::array<QPointF, 68> out;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto p = viewer.flat(points[i]);
        if (!p)
            return std::nullopt;
        out[i] = *p;
    }
    return out;
}

void addTriangles(HeadScene *scene, const Viewer &viewer, const std::array<cv::Vec3d, 68> &points)
{
    for (const FaceTriangle &t : faceTriangles()) {
        const cv::Vec3d a = viewer.turned(points[t[0]]), b = viewer.turned(points[t[1]]), c = viewer.turned(points[t[2]]);
        const cv::Vec3d normal = (b - a).cross(c - a), centre = (a + b + c) / 3.0;
        const double size = cv::norm(normal) * cv::norm(centre);
        const double facing = size > 0.0 ? normal.dot(centre) / size : 0.0; // 1: straight at the viewer
        HeadScene::Triangle triangle{{t[0], t[1], t[2]}, cv::norm(centre), std::abs(facing), facing < 0.0};
        for (const int i : triangle.points)
            scene->seen[std::size_t(i)] = scene->seen[std::size_t(i)] || !triangle.inside;
        scene->triangles.push_back(triangle);
    }
    std::ranges::sort(scene->triangles, std::greater<>(), &HeadScene::Triangle::depth);
}

} // namespace

std::optional<HeadScene> headScene(const FaceObservation &face, HeadViewpoint viewpoint, const Turntable &turned,
                                   const std::optional<FacePoints3d> &rest)
{
    if (!face.expression)
        return std::nullopt;
    const auto toHead = motionToHeadAxes(face.expression->points3d);
    if (!toHead)
        return std::nullopt;
    const cv::Matx33d toCamera = toHead->rotation.t();
    const bool filmed = viewpoint == HeadViewpoint::Camera;
    // Where a point of the camera's axes is for this viewer.
    const auto placed = [&](const cv::Vec3d &p) {
        return filmed ? p : cv::Vec3d(toHead->rotation * p + toHead->shift + cv::Vec3d(0, 0, kViewerMm));
    };
    const cv::Vec3d inHead(0, 0, kMiddleMm);
    const cv::Vec3d middle = filmed ? cv::Vec3d(toCamera * (inHead - toHead->shift)) : inHead + cv::Vec3d(0, 0, kViewerMm);
    if (!(middle[2] > kNearestMm))
        return std::nullopt;
    const Viewer viewer(middle, turned);

    HeadScene scene;
    scene.pose = eulerAngles(toCamera);
    std::array<cv::Vec3d, 68> points;
    std::ranges::transform(face.expression->points3d, points.begin(), [&](const cv::Point3f &p) { return placed(vec(p)); });
    const auto flat = flatPoints(viewer, points);
    if (!flat)
        return std::nullopt;
    scene.points = *flat;
    addTriangles(&scene, viewer, points);
    if (viewpoint == HeadViewpoint::Neutral && rest) {
        std::array<cv::Vec3d, 68> still;
        std::ranges::transform(*rest, still.begin(), [](const cv::Point3f &p) { return vec(p) + cv::Vec3d(0, 0, kViewerMm); });
        scene.rest = flatPoints(viewer, still);
    }
    for (const auto *eye : {&face.eyeImageLeft, &face.eyeImageRight}) {
        if (!*eye || !(*eye)->gaze)
            continue;
        const cv::Vec3d origin((*eye)->gaze->origin), direction((*eye)->gaze->direction);
        const auto from = viewer.flat(placed(origin + direction * kEyeballMm));
        const auto to = viewer.flat(placed(origin + direction * (kEyeballMm + kGazeMm)));
        if (from && to)
            scene.gaze.push_back({*from, *to});
    }
    return scene;
}

} // namespace fw
