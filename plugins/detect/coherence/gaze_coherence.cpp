// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"
#include "lag_correlation.h"

#include "stats/distributions.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

constexpr double kTurnSpeed = 8.0;    ///< degrees/s from which the head turns
constexpr double kTurnDegrees = 10.0; ///< that it must turn by
constexpr double kAround = 0.4;       ///< s before and after a turn, and the farthest lag
constexpr std::size_t kFewestTurns = 5;
constexpr double kMostLead = 200.0, kLeastLead = 0.0; ///< ms; how far eyes usually lead

/// Stretches in which the head turns to one side by 10 degrees or more, with what lies around them.
std::vector<std::pair<std::size_t, std::size_t>> turnsOf(const CoherenceTrack &track, const std::vector<double> &headSpeed)
{
    std::vector<std::pair<std::size_t, std::size_t>> turns;
    const auto around = std::size_t(std::lround(kAround * track.rate));
    for (std::size_t i = 0; i < headSpeed.size();) {
        if (!(std::abs(headSpeed[i]) >= kTurnSpeed)) {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        double turned = headSpeed[i] / track.rate;
        while (end < headSpeed.size() && headSpeed[end] * headSpeed[i] > 0.0 && std::abs(headSpeed[end]) >= kTurnSpeed)
            turned += headSpeed[end++] / track.rate;
        if (std::abs(turned) >= kTurnDegrees)
            turns.push_back({i - std::min(i, around), std::min(headSpeed.size(), end + around)});
        i = end;
    }
    return turns;
}

} // namespace

CoherenceValue gazeLead(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::E5;
    if (track.rate < 20.0) {
        out.reason = u"needs 20 frames a second"_s;
        return out;
    }
    std::vector<double> sight(signals.eyeSpeed.size()); // how fast the line of sight turns in space
    for (std::size_t i = 0; i < sight.size(); ++i)
        sight[i] = signals.eyeSpeed[i] + signals.headSpeed[i];
    auto turns = turnsOf(track, signals.headSpeed);
    std::erase_if(turns, [&](const auto &turn) {
        const auto seen = std::count_if(sight.begin() + std::ptrdiff_t(turn.first), sight.begin() + std::ptrdiff_t(turn.second),
                                        [](double v) { return !std::isnan(v); });
        return std::size_t(seen) * 10 < (turn.second - turn.first) * 9;
    });
    out.effective = double(turns.size());
    if (turns.size() < kFewestTurns) {
        out.reason = u"the head turns by %1° or more with open eyes %2 times; %3 are needed"_s.arg(kTurnDegrees).arg(turns.size()).arg(kFewestTurns);
        return out;
    }
    const auto sums = lagSums(sight, signals.headSpeed, turns, int(std::lround(kAround * track.rate)));
    std::vector<std::size_t> all(turns.size());
    for (std::size_t t = 0; t < all.size(); ++t)
        all[t] = t;
    const auto drawn = drawnLag(sums, all, seed);
    if (!drawn) {
        out.reason = u"the line of sight does not follow the head closely enough to tell a lag"_s;
        return out;
    }
    const double toMs = 1000.0 / track.rate;
    out.value = drawn->lag * toMs; // the head after the eyes: they lead
    out.low = drawn->low * toMs;
    out.high = drawn->high * toMs;
    // Turns are drawn whole, so that neighbouring frames do not pass for independent ones.
    const double error = std::hypot(drawn->error, 0.1) * toMs;
    const double outside = std::max({0.0, kLeastLead - toMs - *out.value, *out.value - kMostLead - toMs});
    out.nullChance = outside > 0.0 ? std::min(1.0, 2.0 * studentTail(outside / error, out.effective - 1.0)) : 1.0;
    return out;
}

} // namespace fw::coherence
