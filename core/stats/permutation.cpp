// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/permutation.h"

#include "stats/time_series.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace fw {

std::optional<double> circularShiftPValue(const std::vector<double> &x, const std::vector<double> &y,
                                          int minShift, int shifts, std::uint64_t seed)
{
    const std::size_t n = std::min(x.size(), y.size());
    const auto observed = correlation(x, y);
    if (!observed || n < 3 * std::size_t(minShift) || minShift < 1)
        return std::nullopt;
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::size_t> shift(std::size_t(minShift), n - std::size_t(minShift));
    std::vector<double> turned(n);
    int reached = 0, tried = 0;
    for (int s = 0; s < shifts; ++s) {
        const std::size_t by = shift(random);
        for (std::size_t i = 0; i < n; ++i)
            turned[i] = y[(i + by) % n];
        const auto r = correlation(x, turned);
        if (!r)
            continue;
        ++tried;
        reached += std::abs(*r) >= std::abs(*observed) ? 1 : 0;
    }
    return tried > 0 ? std::optional(double(reached + 1) / double(tried + 1)) : std::nullopt;
}

std::vector<double> blockBootstrap(std::size_t count, std::size_t block, int draws, std::uint64_t seed,
                                   const std::function<std::optional<double>(const std::vector<std::size_t> &)> &statistic)
{
    std::vector<double> values;
    if (count == 0)
        return values;
    block = std::clamp<std::size_t>(block, 1, count);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::size_t> start(0, count - block);
    std::vector<std::size_t> indices;
    for (int d = 0; d < draws; ++d) {
        indices.clear();
        while (indices.size() < count) {
            const std::size_t from = start(random);
            for (std::size_t i = 0; i < block && indices.size() < count; ++i)
                indices.push_back(from + i);
        }
        if (const auto value = statistic(indices))
            values.push_back(*value);
    }
    return values;
}

std::vector<double> holmAdjusted(const std::vector<double> &pValues)
{
    std::vector<std::size_t> order(pValues.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return pValues[a] < pValues[b]; });
    std::vector<double> adjusted(pValues.size());
    double running = 0.0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        running = std::max(running, double(order.size() - rank) * pValues[order[rank]]);
        adjusted[order[rank]] = std::min(1.0, running);
    }
    return adjusted;
}

} // namespace fw
