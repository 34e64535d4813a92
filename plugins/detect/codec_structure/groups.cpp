// SPDX-License-Identifier: GPL-3.0-or-later
#include "groups.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace fw {
namespace {

constexpr std::int64_t kLeastEvenGroups = 4;
constexpr double kEvenShare = 0.7;
/// Segmenting encoders place key frames by the clock, one frame to and fro.
constexpr std::int64_t kSpacingTolerance = 1;
constexpr std::int64_t kShortestUsual = 3; ///< below, "all intra" streams would have breaks everywhere

} // namespace

Groups findGroups(const Ledger &ledger, const std::function<bool(FrameIndex)> &isSceneCut)
{
    Groups groups;
    for (std::int64_t i = 0; i < ledger.count(); ++i) {
        const LedgerEntry &entry = ledger.entries[std::size_t(i)];
        switch (entry.pictureType) {
        case 'I': ++groups.intra; break;
        case 'P': ++groups.predicted; break;
        case 'B': ++groups.bidirectional; break;
        default: ++groups.other; break;
        }
        if (entry.keyFrame)
            groups.keyFrames.push_back(i);
    }
    groups.startsWithKey = !groups.keyFrames.empty() && groups.keyFrames.front() == 0;

    std::map<std::int64_t, std::int64_t> counts;
    for (std::size_t k = 1; k < groups.keyFrames.size(); ++k)
        ++counts[groups.keyFrames[k] - groups.keyFrames[k - 1]];
    std::int64_t most = 0;
    for (const auto &[spacing, count] : counts) {
        if (count > most) {
            most = count;
            groups.usualSpacing = spacing;
        }
    }
    if (!groups.usualSpacing || *groups.usualSpacing < kShortestUsual)
        return groups;

    const std::int64_t usual = *groups.usualSpacing;
    const auto isUsual = [&](std::int64_t spacing) {
        return std::abs(spacing - usual) <= kSpacingTolerance;
    };
    std::int64_t even = 0, all = 0;
    for (const auto &[spacing, count] : counts) {
        all += count;
        even += isUsual(spacing) ? count : 0;
    }
    groups.evenSpacing = even >= kLeastEvenGroups && double(even) >= kEvenShare * double(all);
    if (!groups.evenSpacing)
        return groups;
    for (std::size_t k = 1; k < groups.keyFrames.size(); ++k) {
        const std::int64_t spacing = groups.keyFrames[k] - groups.keyFrames[k - 1];
        if (!isUsual(spacing) && !isSceneCut(groups.keyFrames[k]))
            groups.breaks.push_back({groups.keyFrames[k], spacing, usual});
    }
    return groups;
}

} // namespace fw
