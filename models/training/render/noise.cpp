// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/noise.h"

#include <cmath>

namespace fw::render {

float valueNoise(const cv::Vec3f &point, std::uint32_t seed)
{
    const float fx = std::floor(point[0]), fy = std::floor(point[1]), fz = std::floor(point[2]);
    const int x = static_cast<int>(fx), y = static_cast<int>(fy), z = static_cast<int>(fz);
    const auto ease = [](float t) { return t * t * (3 - 2 * t); };
    const float u = ease(point[0] - fx), v = ease(point[1] - fy), w = ease(point[2] - fz);
    const auto mix = [](float a, float b, float t) { return a + (b - a) * t; };
    const auto row = [&](int dy, int dz) {
        return mix(hashToUnit(x, y + dy, z + dz, seed), hashToUnit(x + 1, y + dy, z + dz, seed), u);
    };
    const float value = mix(mix(row(0, 0), row(1, 0), v), mix(row(0, 1), row(1, 1), v), w);
    return 2 * value - 1;
}

float layeredNoise(const cv::Vec3f &point, int octaves, std::uint32_t seed)
{
    float sum = 0, weight = 1, total = 0;
    cv::Vec3f p = point;
    for (int i = 0; i < octaves; ++i) {
        sum += weight * valueNoise(p, seed + static_cast<std::uint32_t>(i));
        total += weight;
        weight *= 0.5f;
        p *= 2.03f;
    }
    return sum / total;
}

std::uint32_t Random::next()
{
    // SplitMix64.
    m_state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
}

double Random::uniform(double low, double high)
{
    return low + (high - low) * (next() / 4294967296.0);
}

double Random::normal(double mean, double deviation)
{
    const double u = 1.0 - uniform();
    const double v = uniform();
    return mean + deviation * std::sqrt(-2 * std::log(u)) * std::cos(2 * CV_PI * v);
}

std::vector<double> bandLimitedNoise(int count, double lowHertz, double highHertz, double rate,
                                     Random &random)
{
    // A sum of sinusoids is exact in its band at any length, where a filter would need a run-in.
    constexpr int kWaves = 24;
    std::vector<double> curve(static_cast<std::size_t>(count), 0.0);
    for (int k = 0; k < kWaves; ++k) {
        const double hertz = random.uniform(lowHertz, highHertz);
        const double phase = random.uniform(0, 2 * CV_PI);
        for (int i = 0; i < count; ++i)
            curve[static_cast<std::size_t>(i)] += std::sin(2 * CV_PI * hertz * i / rate + phase);
    }
    const double scale = std::sqrt(2.0 / kWaves);
    for (double &value : curve)
        value *= scale;
    return curve;
}

} // namespace fw::render
