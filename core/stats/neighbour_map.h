// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stats/sample_matrix.h"

#include <array>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

struct NeighbourMapOptions
{
    double perplexity = 30.0; ///< how many neighbours count; at most a third of the samples is used
    int steps = 750;
    /// Told the share that is done, about ten times.
    std::function<void(double)> progress;
};

/// Places samples in a plane so that neighbours stay neighbours (t-SNE, exact; van der Maaten and
/// Hinton, JMLR 9, 2008). Distances between far groups mean nothing. Starts from the two strongest
/// principal axes, so that it is deterministic. Time grows with the square of the number of samples;
/// 2000 are the most. nullopt when stopped, for less than four samples, or too many.
std::optional<std::vector<std::array<double, 2>>> neighbourMap(const SampleMatrix &samples,
                                                               const NeighbourMapOptions &options = {},
                                                               std::stop_token stop = {});
inline constexpr std::size_t kMostNeighbourMapSamples = 2000;

/// How well groups keep apart: the mean over samples of (b - a) / max(a, b), a the mean distance to
/// the own group, b to the nearest other one; -1..1 (Rousseeuw 1987). Groups of one count 0.
/// nullopt unless there are two groups.
std::optional<double> silhouette(const SampleMatrix &samples, const std::vector<int> &groups);

/// Which of `candidates` (row numbers) to keep, `count` of them: the first, then always the one
/// farthest from all that are kept, so that the rest is spread over what there is. In the order chosen.
std::vector<std::size_t> farthestPoints(const SampleMatrix &samples, const std::vector<std::size_t> &candidates,
                                        std::size_t count);

} // namespace fw
