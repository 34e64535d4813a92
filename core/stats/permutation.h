// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace fw {

/// Chance that two series of the same shape, but without common timing, are as strongly correlated:
/// one is turned around in time against the other by at least `minShift` samples, `shifts` times.
/// The share of turns whose |r| reaches that of the series as they are, with (k + 1) / (n + 1).
/// nullopt when there is no correlation or the series is not three times as long as `minShift`.
std::optional<double> circularShiftPValue(const std::vector<double> &x, const std::vector<double> &y,
                                          int minShift, int shifts, std::uint64_t seed);

/// Draws blocks of neighbouring samples with replacement until `count` samples are drawn, and hands
/// their indices to `statistic`; returns what it gave, missing values left out.
/// Source: Kuensch 1989 (moving blocks).
std::vector<double> blockBootstrap(std::size_t count, std::size_t block, int draws, std::uint64_t seed,
                                   const std::function<std::optional<double>(const std::vector<std::size_t> &)> &statistic);

/// Each chance times the number of those that are not smaller, made monotone, at most 1: compared
/// with alpha, the family as a whole errs with at most alpha (Holm 1979). Order kept.
std::vector<double> holmAdjusted(const std::vector<double> &pValues);

} // namespace fw
