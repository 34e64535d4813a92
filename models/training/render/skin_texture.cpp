// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/skin_texture.h"

#include "render/noise.h"
#include "render/rasteriser.h"

#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>

namespace fw::render {
namespace {

float bell(const cv::Vec3f &p, const cv::Vec3f &centre, float radius)
{
    const cv::Vec3f d = p - centre;
    return std::exp(-d.dot(d) / (radius * radius));
}

cv::Vec3f blend(const cv::Vec3f &a, const cv::Vec3f &b, float t)
{
    return a + (b - a) * t;
}

/// Paints a point of the generic neutral face; all features sit relative to its landmarks.
class SkinPainter
{
public:
    SkinPainter(const FaceKit &kit, const Looks &looks)
        : m_looks(looks)
    {
        for (int i = 0; i < 68; ++i)
            m_points[i] = kit.neutral[kit.landmarks[i]];
        std::vector<cv::Point2f> corners;
        for (int i = 48; i < 60; ++i)
            corners.push_back({m_points[i][0], m_points[i][1]});
        m_lips = rounded(corners);
        m_base = blend({0.66f, 0.42f, 0.32f}, {0.13f, 0.065f, 0.042f}, looks.melanin);
    }

    SkinTexel paint(const cv::Vec3f &p) const
    {
        SkinTexel texel;
        const float tone = layeredNoise(p * 0.035f, 3, m_looks.seed);
        const float fine = layeredNoise(p * 0.35f, 3, m_looks.seed + 11);
        const float pores = valueNoise(p * 1.4f, m_looks.seed + 23);
        texel.albedo = m_base * (1 + 0.07f * tone + 0.07f * fine + 0.05f * pores);
        texel.gloss = 0.45f + 0.15f * fine - 0.12f * pores;
        addBlood(p, tone, texel);
        addEyeShades(p, texel);
        addStubble(p, texel);
        const float lips = addLips(p, texel);
        addBrows(p, texel);
        const auto height = [&](const cv::Vec3f &q) {
            return valueNoise(q * 1.1f, m_looks.seed + 31) +
                   0.8f * valueNoise(q * 0.45f, m_looks.seed + 37);
        };
        const float h = height(p), step = 0.2f, strength = 0.05f + 0.05f * lips;
        texel.bump =
            cv::Vec3f(height(p + cv::Vec3f(step, 0, 0)) - h, height(p + cv::Vec3f(0, step, 0)) - h,
                      height(p + cv::Vec3f(0, 0, step)) - h) *
            (-strength / step);
        return texel;
    }

private:
    /// Closed curve through the corners, eight points for each.
    static std::vector<cv::Point2f> rounded(const std::vector<cv::Point2f> &corners)
    {
        std::vector<cv::Point2f> curve;
        const std::size_t n = corners.size();
        for (std::size_t i = 0; i < n; ++i) {
            const cv::Point2f a = corners[(i + n - 1) % n], b = corners[i];
            const cv::Point2f c = corners[(i + 1) % n], d = corners[(i + 2) % n];
            for (int k = 0; k < 8; ++k) {
                const float t = k / 8.0f;
                curve.push_back(0.5f * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t +
                                        (3 * b - a - 3 * c + d) * t * t * t));
            }
        }
        return curve;
    }

    void addBlood(const cv::Vec3f &p, float tone, SkinTexel &texel) const
    {
        float red = 0.9f * bell(p, {44, -4, 14}, 24) + 0.9f * bell(p, {-44, -4, 14}, 24) +
                    0.9f * bell(p, {0, -8, -34}, 14) + 0.35f * bell(p, {0, 62, -8}, 16);
        if (std::abs(p[0]) > 74 && p[2] > 55 && p[2] < 110)
            red += 0.8f;
        red *= m_looks.blood * (1 + 0.5f * tone);
        texel.albedo =
            texel.albedo.mul(cv::Vec3f(1 - 0.04f * red, 1 - 0.26f * red, 1 - 0.24f * red));
        const float forehead = bell(p, {0, -88, 0}, 30);
        texel.albedo = texel.albedo.mul(cv::Vec3f(1, 1, 1 - 0.06f * forehead));
        texel.gloss += 0.25f * forehead + 0.3f * bell(p, {0, -12, -34}, 14);
    }

    void addEyeShades(const cv::Vec3f &p, SkinTexel &texel) const
    {
        for (const int first : {36, 42}) {
            cv::Vec3f middle;
            float nearest = 1e9f;
            for (int i = 0; i < 6; ++i)
                middle += m_points[first + i] * (1 / 6.0f);
            for (int i = 0; i < 6; ++i)
                nearest = std::min(
                    nearest, distance(p, m_points[first + i], m_points[first + (i + 1) % 6]).first);
            const float around = bell(p, middle + cv::Vec3f(0, 1, 0), 21);
            texel.albedo = texel.albedo.mul(
                cv::Vec3f(1 - 0.18f * around, 1 - 0.26f * around, 1 - 0.22f * around));
            // The roots of the lashes.
            const float rim =
                smoothStep(1.7f, 0.5f, nearest) * (p[1] < middle[1] + 1 ? 0.75f : 0.4f);
            texel.albedo *= 1 - rim;
        }
    }

    void addStubble(const cv::Vec3f &p, SkinTexel &texel) const
    {
        // The beard grows below a line from the ear over the cheek to the nose.
        const float side = std::abs(p[0]);
        const float upper = side < 22 ? 12.0f : 12.0f + 0.35f * (side - 22);
        const float edge = upper - 0.5f * std::max(0.0f, p[2] - 20);
        float mask = smoothStep(edge - 4, edge + 8, p[1]) * smoothStep(110, 80, p[1]) *
                     smoothStep(74, 60, p[2]);
        mask *= 1 - 0.6f * bell(p, {24, 22, -12}, 12) - 0.6f * bell(p, {-24, 22, -12}, 12);
        if (mask <= 0)
            return;
        const float grain = 0.65f + 0.35f * valueNoise(p * 2.2f, m_looks.seed + 41);
        const float amount = m_looks.stubble * mask * grain;
        texel.albedo =
            texel.albedo.mul(cv::Vec3f(1 - 0.42f * amount, 1 - 0.36f * amount, 1 - 0.30f * amount));
        texel.gloss *= 1 - 0.4f * amount;
    }

    float addLips(const cv::Vec3f &p, SkinTexel &texel) const
    {
        if (p[2] > 12 || std::abs(p[0]) > 32 || p[1] < 14 || p[1] > 50)
            return 0;
        const double inside = cv::pointPolygonTest(m_lips, {p[0], p[1]}, true);
        const float mask = smoothStep(-1.3f, 1.2f, static_cast<float>(inside));
        const float lines = 0.9f + 0.1f * valueNoise({p[0] * 1.6f, p[1] * 0.25f, 0}, m_looks.seed);
        const cv::Vec3f colour = m_base.mul(
            cv::Vec3f(0.80f, 0.46f - 0.08f * m_looks.blood, 0.50f - 0.08f * m_looks.blood));
        texel.albedo = blend(texel.albedo, colour * lines, 0.75f * mask);
        texel.gloss += 0.35f * mask;
        // Where the lips meet it is dark.
        float nearest = 1e9f;
        for (int i = 60; i < 64; ++i)
            nearest = std::min(nearest, distance(p, m_points[i], m_points[i + 1]).first);
        texel.albedo *= 1 - 0.45f * smoothStep(2.2f, 0.3f, nearest);
        return mask;
    }

    void addBrows(const cv::Vec3f &p, SkinTexel &texel) const
    {
        for (const bool left : {false, true}) {
            // From the nose outwards; the path runs a little below the landmarks, which are its
            // top.
            float best = 1e9f, along = 0, across = 0;
            for (int i = 0; i < 4; ++i) {
                const cv::Vec3f down(0, 2.2f, 0);
                const cv::Vec3f a = m_points[left ? 22 + i : 21 - i] + down;
                const cv::Vec3f b = m_points[left ? 23 + i : 20 - i] + down;
                const auto [d, t] = distance(p, a, b);
                if (d < best) {
                    best = d;
                    along = (static_cast<float>(i) + t) / 4;
                    across = p[1] - (a[1] + (b[1] - a[1]) * t);
                }
            }
            if (best > 9)
                continue;
            const float half = 4.6f - 2.9f * along * along;
            const float ends = smoothStep(-0.02f, 0.10f, along) * smoothStep(1.02f, 0.8f, along);
            const float body = smoothStep(half + 0.8f, half * 0.35f, best) * ends;
            // Hairs lean outwards: up near the nose, flat at the tail.
            const float lean = across + (1.6f - 1.4f * along) * along * 20;
            const float hairs =
                valueNoise({lean * 1.5f, along * 14, left ? 5.0f : 0.0f}, m_looks.seed + 53);
            const float amount = m_looks.brows * body * (0.95f + 0.28f * hairs);
            texel.albedo = blend(texel.albedo, m_looks.hair * 0.8f, std::min(0.96f, amount));
            texel.gloss *= 1 - 0.8f * std::min(1.0f, amount);
        }
    }

    static std::pair<float, float> distance(const cv::Vec3f &p, const cv::Vec3f &a,
                                            const cv::Vec3f &b)
    {
        const cv::Vec3f d = b - a;
        const float t = std::clamp((p - a).dot(d) / std::max(1e-6f, d.dot(d)), 0.0f, 1.0f);
        const cv::Vec3f gap = p - (a + d * t);
        return {std::sqrt(gap.dot(gap)), t};
    }

    Looks m_looks;
    std::array<cv::Vec3f, 68> m_points;
    std::vector<cv::Point2f> m_lips;
    cv::Vec3f m_base;
};

/// Lets colour run a few texels over the edges of the painted islands, so that filtering at a seam
/// never reads an empty texel.
void spread(std::vector<SkinTexel> &page, std::vector<std::uint8_t> &filled, int side)
{
    for (int round = 0; round < 4; ++round) {
        const std::vector<std::uint8_t> before = filled;
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) {
                const int i = y * side + x;
                if (before[i])
                    continue;
                for (const auto &[dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                    const int nx = x + dx, ny = y + dy;
                    if (nx < 0 || ny < 0 || nx >= side || ny >= side || !before[ny * side + nx])
                        continue;
                    page[i] = page[ny * side + nx];
                    filled[i] = 1;
                    break;
                }
            }
        }
    }
}

} // namespace

SkinTexture::SkinTexture(const FaceKit &kit, const Looks &looks, int side)
{
    const SkinPainter painter(kit, looks);
    for (int page = 0; page < 2; ++page) {
        const int size = page == 0 ? side : side / 2;
        m_side[page] = size;
        std::vector<cv::Vec3f> where(static_cast<std::size_t>(size) * size);
        std::vector<std::uint8_t> filled(where.size(), 0);
        for (std::size_t t = 0; t < kit.triangles.size(); ++t) {
            const bool wanted =
                page == 0 ? kit.parts[t] == HeadPart::Skin : kit.parts[t] == HeadPart::Scalp;
            if (!wanted)
                continue;
            ScreenPoint corner[3];
            for (int c = 0; c < 3; ++c) {
                const cv::Vec2f uv = kit.uv[kit.uvTriangles[t][c]];
                corner[c] = {(uv[0] - page) * size - 0.5f, uv[1] * size - 0.5f, 1};
            }
            const cv::Vec3i &v = kit.triangles[t];
            coverTriangle(corner[0], corner[1], corner[2], size, size, Facing::Both,
                          [&](int x, int y, const cv::Vec3f &w) {
                              const std::size_t i = static_cast<std::size_t>(y) * size + x;
                              where[i] = w[0] * kit.neutral[v[0]] + w[1] * kit.neutral[v[1]] +
                                         w[2] * kit.neutral[v[2]];
                              filled[i] = 1;
                          });
        }
        m_pages[page].resize(where.size());
        cv::parallel_for_(cv::Range(0, size), [&](const cv::Range &rows) {
            for (int i = rows.start * size; i < rows.end * size; ++i) {
                if (filled[i])
                    m_pages[page][i] = painter.paint(where[i]);
            }
        });
        spread(m_pages[page], filled, size);
    }
}

SkinTexel SkinTexture::at(const cv::Vec2f &uv) const
{
    const int page = uv[0] >= 1 ? 1 : 0;
    const int side = m_side[page];
    const float x = std::clamp((uv[0] - page) * side - 0.5f, 0.0f, side - 1.001f);
    const float y = std::clamp(uv[1] * side - 0.5f, 0.0f, side - 1.001f);
    const int ix = static_cast<int>(x), iy = static_cast<int>(y);
    const float fx = x - ix, fy = y - iy;
    const SkinTexel *row = m_pages[page].data() + static_cast<std::size_t>(iy) * side + ix;
    const float weight[4] = {(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy};
    const SkinTexel *texel[4] = {row, row + 1, row + side, row + side + 1};
    SkinTexel sum;
    for (int i = 0; i < 4; ++i) {
        sum.albedo += weight[i] * texel[i]->albedo;
        sum.gloss += weight[i] * texel[i]->gloss;
        sum.bump += weight[i] * texel[i]->bump;
    }
    return sum;
}

} // namespace fw::render
