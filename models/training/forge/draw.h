// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <cmath>

namespace fw {

/// Random numbers of one sample: the same seed gives the same numbers on every machine.
class Draw
{
public:
    explicit Draw(std::uint64_t seed) : m_random(seed * 2654435761u + 12345u) { m_random.next(); }

    double uniform(double low, double high) { return low + (high - low) * (double(m_random.next()) / 4294967296.0); }
    double logUniform(double low, double high) { return std::exp(uniform(std::log(low), std::log(high))); }
    /// Both ends included.
    int integer(int low, int high) { return low + int(uniform(0.0, 1.0) * (high - low + 1)); }
    bool chance(double probability) { return uniform(0.0, 1.0) < probability; }
    cv::RNG &generator() { return m_random; }

private:
    cv::RNG m_random;
};

} // namespace fw
