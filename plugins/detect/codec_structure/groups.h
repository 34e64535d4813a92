// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/ledger.h"

#include <functional>
#include <optional>
#include <vector>

namespace fw {

/// A key frame that comes too early or too late in an otherwise even spacing.
struct GroupBreak
{
    FrameIndex keyFrame = 0;
    std::int64_t spacing = 0; ///< frames since the key frame before
    std::int64_t usual = 0;
};

/// How the pictures of a stream are grouped and typed.
struct Groups
{
    std::int64_t intra = 0, predicted = 0, bidirectional = 0, other = 0;
    std::vector<FrameIndex> keyFrames;
    bool startsWithKey = false;
    std::optional<std::int64_t> usualSpacing; ///< the most frequent; nullopt with fewer than 2 key frames
    bool evenSpacing = false;                 ///< most groups have it, so that a break means something
    std::vector<GroupBreak> breaks;           ///< only in even spacing, and not at scene changes

    std::int64_t total() const { return intra + predicted + bidirectional + other; }
};

/// @param isSceneCut  encoders start a new group where the scene changes; such breaks are ordinary.
Groups findGroups(const Ledger &ledger, const std::function<bool(FrameIndex)> &isSceneCut);

} // namespace fw
