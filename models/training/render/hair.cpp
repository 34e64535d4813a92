// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/hair.h"

#include "render/noise.h"

#include <array>
#include <cmath>

namespace fw::render {
namespace {

/// Height of the hairline at a depth on the side of the head (neutral head axes, y down): hair
/// grows above it. Forehead, temple, sideburn, over the ear, nape.
float hairline(float z)
{
    static constexpr std::array<std::array<float, 2>, 12> kLine{{{-40, -104},
                                                                 {0, -106},
                                                                 {16, -103},
                                                                 {29, -92},
                                                                 {38, -72},
                                                                 {46, -54},
                                                                 {52, -30},
                                                                 {62, -27},
                                                                 {70, -46},
                                                                 {104, -44},
                                                                 {118, 8},
                                                                 {150, 42}}};
    if (z <= kLine.front()[0])
        return kLine.front()[1];
    for (std::size_t i = 1; i < kLine.size(); ++i) {
        if (z <= kLine[i][0]) {
            const float t = (z - kLine[i - 1][0]) / (kLine[i][0] - kLine[i - 1][0]);
            return kLine[i - 1][1] + t * (kLine[i][1] - kLine[i - 1][1]);
        }
    }
    return kLine.back()[1];
}

} // namespace

Hair::Hair(const FaceKit &kit, float length, std::uint32_t seed)
    : m_seed(seed)
{
    m_length.assign(kit.neutral.size(), 0.0f);
    m_growth.assign(kit.neutral.size(), 0.0f);
    if (length <= 0)
        return;
    m_shells = std::clamp(static_cast<int>(length / 1.2f), 4, 16);
    for (std::size_t i = 0; i < kit.neutral.size(); ++i) {
        const cv::Vec3f &p = kit.neutral[i];
        m_growth[i] = growthAt(p);
        // Longer on top than at the sides, thin at its edge.
        const float top = smoothStep(-55, -125, p[1]);
        const float wave = 1 + 0.16f * layeredNoise(p * 0.045f, 2, seed);
        m_length[i] = length * (0.38f + 0.62f * top) * wave * (0.35f + 0.65f * m_growth[i]);
    }
    for (std::size_t t = 0; t < kit.triangles.size(); ++t) {
        if (kit.parts[t] != HeadPart::Skin && kit.parts[t] != HeadPart::Scalp)
            continue;
        float most = 0;
        for (int c = 0; c < 3; ++c)
            most = std::max(most, m_growth[kit.triangles[t][c]]);
        if (most > 0)
            m_triangles.push_back(kit.triangles[t]);
    }
}

float Hair::growthAt(const cv::Vec3f &p) const
{
    const float side = std::abs(p[0]);
    if (p[2] > 48 && p[2] < 112 && p[1] > -52 && side > 81 - 0.05f * (p[2] - 48))
        return 0; // the ear
    const float ragged = 3.0f * valueNoise(p * 0.12f, m_seed + 3);
    // The corners of the forehead recede a little.
    const float corner = p[2] < 40 ? 7 * std::exp(-std::pow((side - 46) / 13, 2.0f)) : 0.0f;
    const float above = hairline(p[2]) - corner - p[1] + ragged;
    return smoothStep(0, 13, above);
}

cv::Vec3f Hair::combed(int index, const cv::Vec3f &rest) const
{
    // Strands lean backwards and to the side, so a strand's upper part stems from further ahead.
    const float t = static_cast<float>(index) / static_cast<float>(std::max(1, m_shells - 1));
    const float lean = 9.0f * t * t;
    const float curl = 3.0f * t * valueNoise(rest * 0.06f, m_seed + 7);
    return rest - cv::Vec3f(0.35f, -0.15f, 0.9f) * lean + cv::Vec3f(curl, 0, 0.4f * curl);
}

void Hair::shell(int index, const std::vector<cv::Vec3f> &points,
                 const std::vector<cv::Vec3f> &normals, std::vector<cv::Vec3f> &out) const
{
    out = points;
    const float t = static_cast<float>(index + 1) / static_cast<float>(m_shells);
    for (std::size_t i = 0; i < m_length.size(); ++i) { // other pieces of the scene follow
        if (m_length[i] > 0)
            out[i] += normals[i] * (t * m_length[i]);
    }
}

bool Hair::covers(int index, const cv::Vec3f &rest, float grown) const
{
    constexpr float kBare = 0.22f; // below this only the skin's own tint shows
    if (grown <= kBare)
        return false;
    const float t = static_cast<float>(index) / static_cast<float>(std::max(1, m_shells - 1));
    const cv::Vec3f root = combed(index, rest);
    const float strand = 0.5f + 0.5f * valueNoise(root * 0.9f, m_seed + 9);
    const float lock = 0.5f + 0.5f * valueNoise(root * 0.22f, m_seed + 10);
    const float reach = 0.25f + 0.75f * (0.65f * strand + 0.35f * lock);
    const float dense = (grown - kBare) / (1 - kBare);
    return t <= reach * (0.15f + 0.85f * dense) && strand > 0.62f - 0.8f * dense + 0.25f * t;
}

} // namespace fw::render
