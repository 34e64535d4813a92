// SPDX-License-Identifier: GPL-3.0-or-later
#include "lag_correlation.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace fw::coherence {

namespace {

constexpr int kDraws = 300;

} // namespace

std::vector<LagSums> lagSums(const std::vector<double> &x, const std::vector<double> &y,
                             const std::vector<std::pair<std::size_t, std::size_t>> &stretches, int lags)
{
    std::vector<LagSums> all;
    for (const auto &[begin, end] : stretches) {
        LagSums sums;
        sums.xy.assign(std::size_t(2 * lags + 1), 0.0);
        sums.xx = sums.yy = sums.xy;
        for (std::size_t i = begin; i < end; ++i) {
            for (int lag = -lags; lag <= lags; ++lag) {
                const std::ptrdiff_t j = std::ptrdiff_t(i) + lag;
                if (j < 0 || j >= std::ptrdiff_t(y.size()) || std::isnan(x[i]) || std::isnan(y[std::size_t(j)]))
                    continue;
                const std::size_t l = std::size_t(lag + lags);
                sums.xy[l] += x[i] * y[std::size_t(j)];
                sums.xx[l] += x[i] * x[i];
                sums.yy[l] += y[std::size_t(j)] * y[std::size_t(j)];
            }
        }
        all.push_back(std::move(sums));
    }
    return all;
}

std::vector<double> correlationAtLags(const std::vector<LagSums> &stretches, const std::vector<std::size_t> &take)
{
    const std::size_t lags = stretches.front().xy.size();
    std::vector<double> r(lags, 0.0);
    for (std::size_t l = 0; l < lags; ++l) {
        double xy = 0, xx = 0, yy = 0;
        for (const std::size_t b : take) {
            xy += stretches[b].xy[l];
            xx += stretches[b].xx[l];
            yy += stretches[b].yy[l];
        }
        r[l] = xx > 0.0 && yy > 0.0 ? xy / std::sqrt(xx * yy) : 0.0;
    }
    return r;
}

std::optional<double> peakLag(const std::vector<double> &r)
{
    const auto top = std::max_element(r.begin(), r.end());
    const std::ptrdiff_t at = top - r.begin(), half = std::ptrdiff_t(r.size()) / 2;
    if (at == 0 || at + 1 == std::ptrdiff_t(r.size()) || *top < 0.3)
        return std::nullopt;
    const double below = r[std::size_t(at - 1)], above = r[std::size_t(at + 1)];
    const double bend = below - 2.0 * *top + above;
    return double(at - half) + (bend < 0.0 ? 0.5 * (below - above) / bend : 0.0);
}

std::optional<DrawnLag> drawnLag(const std::vector<LagSums> &stretches, const std::vector<std::size_t> &take, std::uint64_t seed)
{
    if (take.empty())
        return std::nullopt;
    const auto lag = peakLag(correlationAtLags(stretches, take));
    if (!lag)
        return std::nullopt;
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::size_t> pick(0, take.size() - 1);
    std::vector<double> drawn;
    std::vector<std::size_t> some(take.size());
    for (int d = 0; d < kDraws; ++d) {
        for (std::size_t &t : some)
            t = take[pick(random)];
        if (const auto l = peakLag(correlationAtLags(stretches, some)))
            drawn.push_back(*l);
    }
    if (drawn.size() < kDraws / 2)
        return std::nullopt;
    double mean = 0.0, spread = 0.0;
    for (const double l : drawn)
        mean += l / double(drawn.size());
    for (const double l : drawn)
        spread += (l - mean) * (l - mean) / double(drawn.size() - 1);
    return DrawnLag{*lag, std::sqrt(spread), *quantile(drawn, 0.025), *quantile(drawn, 0.975)};
}

} // namespace fw::coherence
