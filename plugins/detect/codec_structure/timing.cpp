// SPDX-License-Identifier: GPL-3.0-or-later
#include "timing.h"

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr double kGapFactor = 1.5;      ///< a step this many times the typical one skips a frame
constexpr double kOverlapFactor = 1.5;  ///< declared durations below this are rounding
constexpr double kRegularShare = 0.90;  ///< of all steps, gaps included
constexpr double kRegularWithoutGaps = 0.98;

/// Steps may differ by one tick of rounding, but in coarse clocks (AVI: one tick a frame) a whole
/// tick is a whole frame, so never by more than a quarter of the step.
std::int64_t toleranceTicks(std::int64_t typical)
{
    const double rounding = std::min(1.0, 0.25 * double(typical));
    return std::int64_t(std::max(0.01 * double(typical), rounding));
}

} // namespace

Timing measureTiming(const Ledger &ledger)
{
    Timing timing;
    const std::vector<LedgerEntry> &entries = ledger.entries;
    const double tick = ledger.timeBase.toDouble();
    std::vector<std::int64_t> positive;
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
        const std::int64_t step = entries[i + 1].pts - entries[i].pts;
        timing.stepSeconds.push_back(double(step) * tick);
        if (step > 0)
            positive.push_back(step);
        else
            (step == 0 ? timing.repeated : timing.backward).push_back(FrameIndex(i) + 1);
        if (step > 0 && double(entries[i].duration) > kOverlapFactor * double(step))
            timing.overlaps.push_back(FrameIndex(i));
    }
    if (positive.empty())
        return timing;

    const auto middle = positive.begin() + std::ptrdiff_t(positive.size() / 2);
    std::nth_element(positive.begin(), middle, positive.end());
    const std::int64_t typical = *middle;
    const std::int64_t tolerance = toleranceTicks(typical);
    timing.typicalSeconds = double(typical) * tick;

    std::size_t regular = 0;
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
        const std::int64_t step = entries[i + 1].pts - entries[i].pts;
        if (std::abs(step - typical) <= tolerance)
            ++regular;
        else if (double(step) >= kGapFactor * double(typical))
            timing.gaps.push_back({FrameIndex(i) + 1, double(step) * tick,
                                   std::llround(double(step) / double(typical)) - 1});
    }
    const std::size_t steps = timing.stepSeconds.size();
    const std::size_t ungapped = steps - timing.gaps.size();
    timing.regularShare = double(regular) / double(steps);
    timing.constantRate = timing.regularShare >= kRegularShare && ungapped > 0
        && double(regular) >= kRegularWithoutGaps * double(ungapped);
    if (!timing.constantRate)
        timing.gaps.clear();
    return timing;
}

} // namespace fw
