// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace fw::render {

/// A vertex on the sample grid: whole numbers are sample centres; the larger `nearness`, the
/// nearer. Nearness must be linear on the screen: 1/z in perspective, -z in parallel projection.
struct ScreenPoint
{
    float x = 0, y = 0;
    float nearness = 0;
};

/// What is seen at each sample: the nearest triangle, -1 where there is none, and its nearness.
struct SampleBuffer
{
    int width = 0, height = 0;
    std::vector<float> nearness;
    std::vector<int> triangle;

    SampleBuffer() = default;
    SampleBuffer(int w, int h) { reset(w, h); }
    void reset(int w, int h);
    std::size_t at(int x, int y) const { return static_cast<std::size_t>(y) * width + x; }
};

enum class Facing : std::uint8_t {
    Both,
    Front
}; ///< Front keeps what runs anticlockwise on the screen

/// Weights of a triangle's three corners at a point of the screen; they sum to 1.
inline cv::Vec3f screenWeights(const ScreenPoint &a, const ScreenPoint &b, const ScreenPoint &c,
                               float x, float y)
{
    const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    const float v = ((x - a.x) * (c.y - a.y) - (c.x - a.x) * (y - a.y)) / area;
    const float w = ((b.x - a.x) * (y - a.y) - (x - a.x) * (b.y - a.y)) / area;
    return {1 - v - w, v, w};
}

/// Visits every sample that a triangle covers, with the top-left rule: triangles that share an edge
/// never cover a sample twice and leave no gap. Corners are snapped to 1/256 of a sample.
/// @param visit  called as visit(x, y, weights); the weights belong to a, b, c.
template <typename Visit>
void coverTriangle(const ScreenPoint &a, const ScreenPoint &b, const ScreenPoint &c, int width,
                   int height, Facing facing, Visit &&visit)
{
    constexpr std::int64_t kOne = 256;
    constexpr float kFar = 1 << 20; // beyond this a corner is off any screen and would overflow
    for (const ScreenPoint *p : {&a, &b, &c}) {
        if (!(std::abs(p->x) < kFar && std::abs(p->y) < kFar))
            return;
    }
    const auto fixed = [](float v) {
        return static_cast<std::int64_t>(std::floor(v * kOne + 0.5f));
    };
    std::int64_t x[3] = {fixed(a.x), fixed(b.x), fixed(c.x)};
    std::int64_t y[3] = {fixed(a.y), fixed(b.y), fixed(c.y)};
    std::int64_t area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
    if (area == 0 || (facing == Facing::Front && area > 0))
        return;
    const bool swapped = area < 0;
    if (swapped) {
        std::swap(x[1], x[2]);
        std::swap(y[1], y[2]);
        area = -area;
    }
    const auto ceilSample = [](std::int64_t v) { return static_cast<int>((v + kOne - 1) >> 8); };
    const int left = std::max(0, ceilSample(std::min({x[0], x[1], x[2]})));
    const int top = std::max(0, ceilSample(std::min({y[0], y[1], y[2]})));
    const int right = std::min(width - 1, static_cast<int>(std::max({x[0], x[1], x[2]}) >> 8));
    const int bottom = std::min(height - 1, static_cast<int>(std::max({y[0], y[1], y[2]}) >> 8));
    if (left > right || top > bottom)
        return;

    std::int64_t start[3], stepX[3], stepY[3], bias[3];
    for (int i = 0; i < 3; ++i) {
        const int from = (i + 1) % 3, to = (i + 2) % 3;
        const std::int64_t dx = x[to] - x[from], dy = y[to] - y[from];
        stepX[i] = -dy * kOne;
        stepY[i] = dx * kOne;
        start[i] = dx * (top * kOne - y[from]) - dy * (left * kOne - x[from]);
        const bool topLeft = dy < 0 || (dy == 0 && dx > 0);
        bias[i] = topLeft ? 0 : -1;
    }
    const float scale = 1.0f / static_cast<float>(area);
    for (int row = top; row <= bottom; ++row) {
        std::int64_t e[3] = {start[0], start[1], start[2]};
        for (int column = left; column <= right; ++column) {
            if (((e[0] + bias[0]) | (e[1] + bias[1]) | (e[2] + bias[2])) >= 0) {
                const float w0 = static_cast<float>(e[0]) * scale;
                const float w1 = static_cast<float>(e[1]) * scale;
                const float w2 = static_cast<float>(e[2]) * scale;
                visit(column, row, swapped ? cv::Vec3f(w0, w2, w1) : cv::Vec3f(w0, w1, w2));
            }
            for (int i = 0; i < 3; ++i)
                e[i] += stepX[i];
        }
        for (int i = 0; i < 3; ++i)
            start[i] += stepY[i];
    }
}

/// Draws triangles into the buffer, nearest wins; of equals the first drawn stays.
/// Corners with nearness <= 0 in perspective lie behind the camera: leave such triangles out.
/// @param firstId  number that triangle 0 gets in the buffer
/// @param accept   called as accept(triangle, weights) before a sample is written; false skips it
template <typename Accept>
void drawTriangles(std::span<const ScreenPoint> points, std::span<const cv::Vec3i> triangles,
                   int firstId, Facing facing, SampleBuffer &buffer, Accept &&accept)
{
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        const ScreenPoint &a = points[triangles[t][0]];
        const ScreenPoint &b = points[triangles[t][1]];
        const ScreenPoint &c = points[triangles[t][2]];
        const auto visit = [&](int x, int y, const cv::Vec3f &w) {
            const float near = w[0] * a.nearness + w[1] * b.nearness + w[2] * c.nearness;
            const std::size_t i = buffer.at(x, y);
            if (near > buffer.nearness[i] && accept(static_cast<int>(t), w)) {
                buffer.nearness[i] = near;
                buffer.triangle[i] = firstId + static_cast<int>(t);
            }
        };
        coverTriangle(a, b, c, buffer.width, buffer.height, facing, visit);
    }
}

/// Draws without asking, see above.
void drawTriangles(std::span<const ScreenPoint> points, std::span<const cv::Vec3i> triangles,
                   int firstId, Facing facing, SampleBuffer &buffer);

} // namespace fw::render
