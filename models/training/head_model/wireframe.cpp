// SPDX-License-Identifier: GPL-3.0-or-later
#include "wireframe.h"

#include "render/head_geometry.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace fw::render {
namespace {

constexpr int kFaceVertices = 9409; // of the skin of face and forehead
constexpr float kAxisZ = 70;        // mm, where the cylinder's axis stands
constexpr float kFaceTop = -110;    // mm: where hair may begin

/// Millimetres on the unrolled cylinder.
cv::Point2f unrolled(const cv::Vec3f &p)
{
    constexpr float kRadius = 80;
    return {kRadius * std::atan2(p[0], kAxisZ - p[2]), p[1]};
}

std::vector<cv::Point2f> outline(const FaceKit &kit, int first, int last)
{
    std::vector<cv::Point2f> points;
    for (int i = first; i <= last; ++i)
        points.push_back(unrolled(kit.neutral[std::size_t(kit.landmarks[std::size_t(i)])]));
    return points;
}

/// The openings of eyes and mouth, where nothing must be drawn.
std::vector<std::vector<cv::Point2f>> openings(const FaceKit &kit)
{
    return {outline(kit, 36, 41), outline(kit, 42, 47), outline(kit, 60, 67)};
}

/// Everything between the jaw line and the hair: no ears, no neck.
std::vector<cv::Point2f> faceOutline(const FaceKit &kit)
{
    std::vector<cv::Point2f> points = outline(kit, 0, 16);
    const cv::Point2f end = points.back();
    for (int i = 1; i < 24; ++i) {
        const float t = float(CV_PI) * float(i) / 24.0f;
        points.emplace_back(end.x * std::cos(t),
                            end.y + (kFaceTop - end.y) * std::pow(std::sin(t), 0.7f));
    }
    return points;
}

/// Vertices that a wireframe may use: skin of the front that faces outwards.
std::vector<int> candidates(const FaceKit &kit)
{
    std::vector<cv::Vec3f> normals;
    std::vector<cv::Vec3i> skin;
    for (std::size_t i = 0; i < kit.triangles.size(); ++i) {
        if (kit.parts[i] == HeadPart::Skin)
            skin.push_back(kit.triangles[i]);
    }
    computeNormals(kit.neutral, skin, normals);
    const cv::Vec3f nose = normals[std::size_t(kit.landmarks[30])];
    const float out = nose[2] < 0 ? 1.0f : -1.0f;
    const auto holes = openings(kit);
    const auto face = faceOutline(kit);
    std::vector<int> list;
    for (int v = 0; v < kFaceVertices; ++v) {
        const cv::Vec3f p = kit.neutral[std::size_t(v)];
        cv::Vec3f radial(p[0], 0, p[2] - kAxisZ);
        radial *= 1.0f / std::max(1.0f, std::sqrt(radial.dot(radial)));
        if (out * normals[std::size_t(v)].dot(radial) < 0.25f ||
            cv::pointPolygonTest(face, unrolled(p), true) < 3)
            continue;
        const bool inHole = std::any_of(holes.begin(), holes.end(), [&](const auto &hole) {
            return cv::pointPolygonTest(hole, unrolled(p), true) > -1.5;
        });
        if (!inHole)
            list.push_back(v);
    }
    return list;
}

float squared(const cv::Vec3f &v)
{
    return v.dot(v);
}

int mirrored(const FaceKit &kit, const std::vector<int> &list, int vertex)
{
    cv::Vec3f wanted = kit.neutral[std::size_t(vertex)];
    wanted[0] = -wanted[0];
    return *std::min_element(list.begin(), list.end(), [&](int a, int b) {
        return squared(kit.neutral[std::size_t(a)] - wanted) <
               squared(kit.neutral[std::size_t(b)] - wanted);
    });
}

/// 1 where the face moves most, less towards cheeks and forehead.
float density(const FaceKit &kit, const cv::Vec3f &p)
{
    float nearest = std::numeric_limits<float>::max();
    for (std::size_t i = 17; i < 68; ++i)
        nearest = std::min(nearest, squared(p - kit.neutral[std::size_t(kit.landmarks[i])]));
    return 1.0f / (1.0f + std::sqrt(nearest) / 18.0f);
}

std::vector<int> chosenVertices(const FaceKit &kit, std::size_t count)
{
    std::vector<int> chosen(kit.landmarks.begin(), kit.landmarks.end());
    const std::vector<int> list = candidates(kit);
    std::vector<float> gap(list.size(), std::numeric_limits<float>::max()), dense;
    const auto take = [&](int vertex) {
        for (std::size_t i = 0; i < list.size(); ++i)
            gap[i] = std::min(gap[i], std::sqrt(squared(kit.neutral[std::size_t(list[i])] -
                                                        kit.neutral[std::size_t(vertex)])));
    };
    for (const int v : list)
        dense.push_back(density(kit, kit.neutral[std::size_t(v)]));
    for (const int v : chosen)
        take(v);
    while (chosen.size() < count) {
        std::size_t best = 0;
        float most = 0;
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (gap[i] * dense[i] > most) {
                most = gap[i] * dense[i];
                best = i;
            }
        }
        if (most <= 0)
            break;
        const int pair[2] = {list[best], mirrored(kit, list, list[best])};
        for (const int v : std::set<int>(pair, pair + 2)) {
            chosen.push_back(v);
            take(v);
        }
    }
    return chosen;
}

} // namespace

Wireframe makeWireframe(const FaceKit &kit, std::size_t count)
{
    Wireframe frame;
    frame.vertices = chosenVertices(kit, count);
    std::map<std::pair<float, float>, int> index;
    cv::Subdiv2D plane(cv::Rect(-400, -400, 800, 800));
    for (std::size_t i = 0; i < frame.vertices.size(); ++i) {
        const cv::Point2f p = unrolled(kit.neutral[std::size_t(frame.vertices[i])]);
        if (index.emplace(std::pair(p.x, p.y), int(i)).second)
            plane.insert(p);
    }
    std::vector<cv::Vec6f> found;
    plane.getTriangleList(found);
    const auto holes = openings(kit);
    for (const cv::Vec6f &t : found) {
        cv::Vec3i corners;
        bool known = true;
        for (int c = 0; c < 3; ++c) {
            const auto it = index.find({t[2 * c], t[2 * c + 1]});
            known = known && it != index.end();
            corners[c] = known ? it->second : 0;
        }
        if (!known)
            continue;
        const cv::Point2f middle((t[0] + t[2] + t[4]) / 3, (t[1] + t[3] + t[5]) / 3);
        const bool inHole = std::any_of(holes.begin(), holes.end(), [&](const auto &hole) {
            return cv::pointPolygonTest(hole, middle, false) >= 0;
        });
        float longest = 0;
        for (int c = 0; c < 3; ++c) {
            longest = std::max(
                longest, squared(kit.neutral[std::size_t(frame.vertices[std::size_t(corners[c])])] -
                                 kit.neutral[std::size_t(
                                     frame.vertices[std::size_t(corners[(c + 1) % 3])])]));
        }
        if (!inHole && longest < 42.0f * 42.0f)
            frame.triangles.push_back(corners);
    }
    return frame;
}

} // namespace fw::render
