// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/head_geometry.h"

#include "render/rasteriser.h"

#include <opencv2/core/utility.hpp>

#include <cmath>

namespace fw::render {
namespace {

// Fitted to the model's sclera, millimetres in head axes: centre (+-31.05, -38.6, 15.5); the front
// of its cornea stands 17.4 mm before that centre, and the lids are modelled to fit it.
constexpr float kModelEyeX = 31.05f, kModelEyeY = -38.6f, kModelEyeZ = 15.5f;
constexpr float kEyeFront = 16.2f;

cv::Vec3f meanOffset(const FaceKit::Shape &shape, const FaceKit &kit, const std::vector<int> &which)
{
    cv::Vec3f sum;
    for (const int v : which)
        sum += shape[v] - kit.neutral[v];
    return sum * (1.0f / static_cast<float>(which.size()));
}

void addScaled(FaceKit::Shape &shape, const FaceKit::Shape &mode, float strength)
{
    for (std::size_t i = 0; i < shape.size(); ++i)
        shape[i] += strength * mode[i];
}

} // namespace

HeadGeometry::HeadGeometry(std::shared_ptr<const FaceKit> kit, std::span<const float> identity,
                           float eyeRadius)
    : m_kit(std::move(kit))
    , m_rest(m_kit->neutral)
{
    const std::size_t modes = std::min(identity.size(), m_kit->identities.size());
    for (std::size_t i = 0; i < modes; ++i) {
        if (identity[i] != 0)
            addScaled(m_rest, m_kit->identities[i], identity[i]);
    }
    // The eye shrinks about its front, so that the lids still lie on it.
    const float z = kModelEyeZ - kEyeFront + eyeRadius;
    m_left = {cv::Vec3f(kModelEyeX, kModelEyeY, z) + meanOffset(m_rest, *m_kit, m_kit->leftEyeball),
              eyeRadius};
    m_right = {cv::Vec3f(-kModelEyeX, kModelEyeY, z) +
                   meanOffset(m_rest, *m_kit, m_kit->rightEyeball),
               eyeRadius};
}

FaceKit::Shape HeadGeometry::shape(std::span<const float> expression) const
{
    FaceKit::Shape result = m_rest;
    for (std::size_t i = 0; i < std::min(expression.size(), m_kit->expressions.size()); ++i) {
        if (expression[i] != 0)
            addScaled(result, m_kit->expressions[i], expression[i]);
    }
    return result;
}

void computeNormals(std::span<const cv::Vec3f> points, std::span<const cv::Vec3i> triangles,
                    std::vector<cv::Vec3f> &normals)
{
    normals.assign(points.size(), cv::Vec3f());
    for (const cv::Vec3i &t : triangles) {
        const cv::Vec3f a = points[t[0]];
        const cv::Vec3f normal = (points[t[1]] - a).cross(points[t[2]] - a);
        for (int corner = 0; corner < 3; ++corner)
            normals[t[corner]] += normal;
    }
    for (cv::Vec3f &n : normals)
        n *= 1.0f / std::max(1e-12f, std::sqrt(n.dot(n)));
}

std::vector<float> computeOcclusion(std::span<const cv::Vec3f> points,
                                    std::span<const cv::Vec3i> triangles)
{
    constexpr int kViews = 160, kSize = 320;
    constexpr float kBias = 1.2f; // millimetres by which a vertex may lie behind what hides it
    std::vector<cv::Vec3f> normals;
    computeNormals(points, triangles, normals);
    float reach = 1;
    for (const cv::Vec3f &p : points)
        reach = std::max(reach, std::sqrt(p.dot(p)));

    std::vector<float> seen(points.size(), 0.0f), total(points.size(), 1e-6f);
    std::vector<ScreenPoint> screen(points.size());
    SampleBuffer buffer;
    for (int view = 0; view < kViews; ++view) {
        // Directions on a golden spiral cover the sphere evenly.
        const float up = 1 - 2 * (view + 0.5f) / kViews;
        const float around = 2.39996323f * view;
        const float flat = std::sqrt(1 - up * up);
        const cv::Vec3f to(flat * std::cos(around), up, flat * std::sin(around));
        const cv::Vec3f sideways = std::abs(to[1]) < 0.9f ? cv::Vec3f(0, 1, 0) : cv::Vec3f(1, 0, 0);
        cv::Vec3f right = sideways.cross(to);
        right *= 1 / std::sqrt(right.dot(right));
        const cv::Vec3f down = to.cross(right);
        const float scale = 0.5f * kSize / reach;
        for (std::size_t i = 0; i < points.size(); ++i)
            screen[i] = {scale * points[i].dot(right) + kSize / 2,
                         scale * points[i].dot(down) + kSize / 2, points[i].dot(to)};
        buffer.reset(kSize, kSize);
        drawTriangles(screen, triangles, 0, Facing::Both, buffer);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const float cosine = normals[i].dot(to);
            if (cosine <= 0)
                continue;
            total[i] += cosine;
            const int x = std::clamp(static_cast<int>(std::lround(screen[i].x)), 0, kSize - 1);
            const int y = std::clamp(static_cast<int>(std::lround(screen[i].y)), 0, kSize - 1);
            // The nearest surface in this cell; on slopes it may be nearer by one cell's height.
            const float slope = std::sqrt(1 - cosine * cosine) / std::max(0.2f, cosine) / scale;
            if (screen[i].nearness + kBias + slope >= buffer.nearness[buffer.at(x, y)])
                seen[i] += cosine;
        }
    }
    for (std::size_t i = 0; i < points.size(); ++i)
        seen[i] /= total[i];
    return seen;
}

} // namespace fw::render
