// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/wrinkles.h"

#include "render/noise.h"

#include <cmath>
#include <string>

namespace fw::render {

namespace {

constexpr float kAtRest = 0.12f; ///< share of a line that an old face shows without moving
constexpr float kSlope = 0.75f;  ///< of the deepest line

struct Place
{
    const char *shape, *also;
    cv::Vec3f centre, radius, across; ///< of the subject's left, or of the middle
    float spacing;
};

// Head axes, mm, beside the 68 points of the neutral head: brows at y -62, eyes at -37, nose wings
// at 9, corners of the mouth at (25, 33).
const std::array<Place, 7> kPlaces{{
    {"browInnerUp_L", "browInnerUp_R", {0, -84, -8}, {22, 17, 30}, {0, 1, 0}, 7.0f},
    {"browOuterUp_L", nullptr, {38, -82, 4}, {22, 15, 30}, {0.2f, 1, 0}, 7.0f},
    {"browDown_L", "browDown_R", {0, -57, -16}, {10, 14, 20}, {1, 0, 0}, 8.5f},
    {"noseSneer_L", "noseSneer_R", {0, -36, -16}, {13, 11, 20}, {0, 1, 0}, 4.5f},
    {"cheekSquint_L", nullptr, {56, -34, 18}, {13, 16, 22}, {0.1f, 1, 0}, 4.5f},
    {"mouthSmile_L", "mouthUpperUp_L", {25, 17, -10}, {10, 20, 22}, {0.86f, 0.5f, 0}, 12.0f},
    {"mouthShrugLower", nullptr, {0, 58, -14}, {14, 11, 20}, {0.4f, 0.9f, 0}, 3.5f},
}};

bool isSided(const Place &place)
{
    return place.centre[0] > 0;
}

} // namespace

Wrinkles::Wrinkles(const FaceKit &kit, float depth, std::uint32_t seed)
    : m_depth(depth)
    , m_seed(seed)
{
    std::size_t n = 0;
    const auto add = [&](const Place &place, bool mirrored) {
        Field &field = m_fields[n];
        field.centre = place.centre;
        field.radius = place.radius;
        field.across = place.across * (1.0f / float(cv::norm(place.across)));
        field.spacing = place.spacing * (0.85f + 0.3f * hashToUnit(int(n), 1, 0, seed));
        field.wave = 0.15f + 0.35f * hashToUnit(int(n), 2, 0, seed);
        const auto shape = [&](const char *name) {
            std::string text = name ? name : "";
            if (mirrored && text.ends_with("_L"))
                text.back() = 'R';
            return text.empty() ? -1 : kit.expression(text);
        };
        m_shapes[n] = {shape(place.shape), shape(place.also)};
        if (mirrored) {
            field.centre[0] *= -1;
            field.across[0] *= -1;
        }
        ++n;
    };
    for (const Place &place : kPlaces) {
        add(place, false);
        if (isSided(place))
            add(place, true);
    }
}

Wrinkles::Acting Wrinkles::acting(std::span<const float> expression) const
{
    Acting now;
    for (std::size_t f = 0; f < m_fields.size(); ++f) {
        float most = 0;
        for (const int shape : m_shapes[f]) {
            if (shape >= 0 && std::size_t(shape) < expression.size())
                most = std::max(most, expression[std::size_t(shape)]);
        }
        now.field[f] = kSlope * m_depth * std::max(most, kAtRest * m_depth);
        now.any = now.any || now.field[f] > 0.01f;
    }
    return now;
}

cv::Vec3f Wrinkles::slope(const cv::Vec3f &rest, const Acting &now) const
{
    cv::Vec3f sum(0, 0, 0);
    for (std::size_t f = 0; now.any && f < m_fields.size(); ++f) {
        if (now.field[f] <= 0.01f)
            continue;
        const Field &field = m_fields[f];
        const cv::Vec3f d = rest - field.centre;
        const float far = d[0] * d[0] / (field.radius[0] * field.radius[0]) +
                          d[1] * d[1] / (field.radius[1] * field.radius[1]) +
                          d[2] * d[2] / (field.radius[2] * field.radius[2]);
        if (far >= 1)
            continue;
        // Lines are narrow and the skin between them is wide: the slopes of a periodic groove.
        const float bend = field.wave * field.spacing * valueNoise(rest * 0.11f, m_seed + std::uint32_t(f));
        const float phase = 6.2832f * (d.dot(field.across) + bend) / field.spacing;
        const float groove = std::pow(0.5f + 0.5f * std::cos(phase), 3.0f);
        const float broken = 0.75f + 0.5f * valueNoise(rest * 0.2f, m_seed + 17u + std::uint32_t(f));
        sum += field.across * (now.field[f] * (1 - far) * broken * -1.6f * groove * std::sin(phase));
    }
    return sum;
}

} // namespace fw::render
