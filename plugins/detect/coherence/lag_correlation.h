// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace fw::coherence {

/// Sums of one stretch of two series from which their correlation at every lag can be put together.
struct LagSums
{
    std::vector<double> xy, xx, yy; ///< by lag, from -lags to lags
};

/// Of each stretch [begin, end) of x; y is read beyond its ends. A positive lag means that y follows x.
/// Not-a-number: not measured.
std::vector<LagSums> lagSums(const std::vector<double> &x, const std::vector<double> &y,
                             const std::vector<std::pair<std::size_t, std::size_t>> &stretches, int lags);

/// @param take  which stretches, some of them perhaps twice.
std::vector<double> correlationAtLags(const std::vector<LagSums> &stretches, const std::vector<std::size_t> &take);

/// Where the correlation is highest, in frames between the samples; nullopt at the edge of the range and
/// where it stays below 0.3.
std::optional<double> peakLag(const std::vector<double> &r);

/// Peak lag of all of `take` together, and how it scatters when stretches are drawn with replacement: what
/// neighbouring frames have in common stays within a stretch.
struct DrawnLag
{
    double lag = 0.0;   ///< frames
    double error = 0.0; ///< standard deviation of the draws, frames
    double low = 0.0, high = 0.0; ///< 2.5 and 97.5 % of the draws
};
/// nullopt when there is no peak, or none in half of the draws.
std::optional<DrawnLag> drawnLag(const std::vector<LagSums> &stretches, const std::vector<std::size_t> &take, std::uint64_t seed);

} // namespace fw::coherence
