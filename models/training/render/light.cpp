// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/light.h"

#include <cmath>

namespace fw::render {
namespace {

cv::Vec3f unit(const cv::Vec3f &v)
{
    return v * (1.0f / std::sqrt(v.dot(v)));
}

std::array<float, 9> basis(const cv::Vec3f &n)
{
    return {0.282095f,
            0.488603f * n[1],
            0.488603f * n[2],
            0.488603f * n[0],
            1.092548f * n[0] * n[1],
            1.092548f * n[1] * n[2],
            0.315392f * (3 * n[2] * n[2] - 1),
            1.092548f * n[0] * n[2],
            0.546274f * (n[0] * n[0] - n[1] * n[1])};
}

// How a matt surface blurs each band, divided by pi (Ramamoorthi and Hanrahan 2001).
constexpr float kBand[9] = {1.0f, 0.6667f, 0.6667f, 0.6667f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f};

/// Places in a disc of 6 mm at which the shadow is looked up, on a golden spiral.
const std::array<cv::Vec2f, 16> kTaps = [] {
    std::array<cv::Vec2f, 16> taps;
    for (std::size_t i = 0; i < taps.size(); ++i) {
        const float radius = 6 * std::sqrt((i + 0.5f) / static_cast<float>(taps.size()));
        const float angle = 2.39996323f * static_cast<float>(i);
        taps[i] = {radius * std::cos(angle), radius * std::sin(angle)};
    }
    return taps;
}();

} // namespace

void Lighting::addLobe(const cv::Vec3f &towards, const cv::Vec3f &colour)
{
    const std::array<float, 9> at = basis(unit(towards));
    for (int i = 0; i < 9; ++i)
        ambient[i] += colour * at[i];
}

void Lighting::addEven(const cv::Vec3f &colour)
{
    ambient[0] += colour * (1.0f / 0.282095f);
}

cv::Vec3f Lighting::ambientAt(const cv::Vec3f &normal) const
{
    const std::array<float, 9> at = basis(normal);
    cv::Vec3f sum;
    for (int i = 0; i < 9; ++i)
        sum += ambient[i] * (kBand[i] * at[i]);
    return {std::max(0.0f, sum[0]), std::max(0.0f, sum[1]), std::max(0.0f, sum[2])};
}

Lighting Lighting::room()
{
    Lighting light;
    light.addEven({0.20f, 0.20f, 0.21f});
    light.addLobe({0, -1, -0.3f}, {0.42f, 0.38f, 0.33f});
    light.addLobe({-1, -0.2f, -0.4f}, {0.34f, 0.37f, 0.42f});
    light.addLobe({0.9f, 0.0f, -0.2f}, {0.34f, 0.26f, 0.18f});
    light.addLobe({0, 0.1f, -1}, {0.25f, 0.25f, 0.25f});
    light.keyDirection = unit({-0.50f, -0.55f, -0.72f});
    light.keyColour = cv::Vec3f(1.0f, 0.95f, 0.87f) * 1.05f;
    return light;
}

ShadowMap::ShadowMap(std::span<const cv::Vec3f> points, std::span<const cv::Vec3i> triangles,
                     const cv::Vec3f &towardsLamp, int size)
    : m_to(unit(towardsLamp))
{
    m_right = unit(cv::Vec3f(0, 1, 0).cross(m_to));
    m_down = m_to.cross(m_right);
    cv::Vec3f low(1e9f, 1e9f, 1e9f), high = -low;
    for (const cv::Vec3f &p : points) {
        const cv::Vec3f q(p.dot(m_right), p.dot(m_down), p.dot(m_to));
        for (int i = 0; i < 3; ++i) {
            low[i] = std::min(low[i], q[i]);
            high[i] = std::max(high[i], q[i]);
        }
    }
    m_centre = (low + high) * 0.5f;
    m_scale = static_cast<float>(size - 8) / std::max({1.0f, high[0] - low[0], high[1] - low[1]});
    m_buffer.reset(size, size);
    std::vector<ScreenPoint> screen;
    screen.reserve(points.size());
    for (const cv::Vec3f &p : points)
        screen.push_back(onMap(p));
    drawTriangles(screen, triangles, 0, Facing::Both, m_buffer);
}

ScreenPoint ShadowMap::onMap(const cv::Vec3f &point) const
{
    const float half = 0.5f * static_cast<float>(m_buffer.width);
    return {m_scale * (point.dot(m_right) - m_centre[0]) + half,
            m_scale * (point.dot(m_down) - m_centre[1]) + half, point.dot(m_to)};
}

float ShadowMap::lit(const cv::Vec3f &point, const cv::Vec3f &normal) const
{
    const ScreenPoint p = onMap(point + normal * 1.5f);
    // Taps follow the surface's own slope, or every slope would throw a shadow on itself.
    const float facing = std::max(0.25f, std::abs(normal.dot(m_to)));
    const float slopeX = -normal.dot(m_right) / (facing * m_scale);
    const float slopeY = -normal.dot(m_down) / (facing * m_scale);
    float sum = 0;
    for (const cv::Vec2f &tap : kTaps) {
        const float dx = tap[0] * m_scale, dy = tap[1] * m_scale;
        const int x = static_cast<int>(p.x + dx + 0.5f), y = static_cast<int>(p.y + dy + 0.5f);
        if (x < 0 || y < 0 || x >= m_buffer.width || y >= m_buffer.height) {
            sum += 1;
            continue;
        }
        // A blocker that is only a little nearer counts in part: no hard edges on curved skin.
        const float own = p.nearness + slopeX * dx + slopeY * dy;
        const float above = m_buffer.nearness[m_buffer.at(x, y)] - own - 2.0f;
        sum += above <= 0 ? 1.0f : above < 4 ? 1 - above / 4 : 0.0f;
    }
    return sum / static_cast<float>(kTaps.size());
}

} // namespace fw::render
