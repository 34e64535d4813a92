// SPDX-License-Identifier: GPL-3.0-or-later
#include "rest_level.h"

#include <algorithm>
#include <cmath>

namespace fw {

void RestLevel::add(const std::array<float, 17> &raw)
{
    ++m_frames;
    for (std::size_t u = 0; u < raw.size(); ++u) {
        if (!std::isfinite(raw[u]))
            continue;
        const int bin = std::clamp(int(raw[u] / 5.0f * kBins), 0, kBins - 1);
        ++m_counts[u][std::size_t(bin)];
    }
}

std::array<float, 17> RestLevel::level() const
{
    std::array<float, 17> out{};
    if (!known())
        return out;
    for (std::size_t u = 0; u < out.size(); ++u) {
        const int needed = std::max(1, int(std::ceil(kQuantile * m_frames)));
        int sum = 0;
        for (int bin = 0; bin < kBins && sum < needed; ++bin) {
            sum += m_counts[u][std::size_t(bin)];
            // The lower edge: a face at rest in most frames keeps an exact zero.
            out[u] = sum > 0 ? float(bin) * 5.0f / kBins : 0.0f;
        }
    }
    return out;
}

std::array<float, 17> RestLevel::above(const std::array<float, 17> &raw,
                                       const std::array<float, 17> &level)
{
    std::array<float, 17> out{};
    for (std::size_t u = 0; u < out.size(); ++u)
        out[u] = std::isfinite(raw[u]) ? std::clamp(raw[u] - level[u], 0.0f, 5.0f) : raw[u];
    return out;
}

} // namespace fw
