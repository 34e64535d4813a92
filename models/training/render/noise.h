// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace fw::render {

/// Mixes the bits of a number; the same everywhere, so pictures depend on the seed alone.
constexpr std::uint32_t mixBits(std::uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352dU;
    x ^= x >> 15;
    x *= 0x846ca68bU;
    x ^= x >> 16;
    return x;
}

/// Evenly spread in [0, 1) for a lattice point.
constexpr float hashToUnit(int x, int y, int z, std::uint32_t seed = 0)
{
    const auto mixed = mixBits(static_cast<std::uint32_t>(x) * 0x8da6b343U ^
                               static_cast<std::uint32_t>(y) * 0xd8163841U ^
                               static_cast<std::uint32_t>(z) * 0xcb1ab31fU ^ mixBits(seed));
    return static_cast<float>(mixed >> 8) * (1.0f / 16777216.0f);
}

/// Smooth noise in [-1, 1] with lattice distance 1.
float valueNoise(const cv::Vec3f &point, std::uint32_t seed = 0);

/// Sum of `octaves` noises, each of twice the frequency and half the weight; about [-1, 1].
float layeredNoise(const cv::Vec3f &point, int octaves, std::uint32_t seed = 0);

/// 0 below `from`, 1 above `to`, smooth between; `from` may be the larger one.
inline float smoothStep(float from, float to, float x)
{
    const float t = std::min(1.0f, std::max(0.0f, (x - from) / (to - from)));
    return t * t * (3 - 2 * t);
}

/// Random numbers that are the same with every compiler and library.
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }
    std::uint32_t next();
    double uniform(double low = 0, double high = 1);
    double normal(double mean = 0, double deviation = 1);

private:
    std::uint64_t m_state;
};

/// A curve of `count` samples of band-limited noise with unit deviation.
/// @param lowHertz, highHertz  the band  @param rate  samples a second
std::vector<double> bandLimitedNoise(int count, double lowHertz, double highHertz, double rate,
                                     Random &random);

} // namespace fw::render
