// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/manifest.h"
#include "media/video_reader.h"

#include <vector>

namespace fw {

/// Which frames of one clip a method's sampling means.
class FrameChoice
{
public:
    /// @param frameCount  from the packet scan; 0 when unknown.
    FrameChoice(const Sampling &sampling, const PacketIndex &index, std::int64_t frameCount);

    /// Asked before a frame is decoded, so that pixels are made only for somebody.
    /// @param shifted  packets were lost before this frame, so the scan's key flags tell nothing.
    bool mayTake(FrameIndex frame, bool shifted) const;
    /// Asked after, for a frame that mayTake agreed to.
    bool takes(const LedgerEntry &entry) const;
    /// How many frames that will be, as far as the scan tells.
    std::int64_t expected() const { return m_expected; }

private:
    Sampling m_sampling;
    std::int64_t m_frameCount = 0;
    std::int64_t m_expected = 0;
    std::vector<FrameIndex> m_listed; ///< ascending: spread, or the scan's key frames
};

} // namespace fw
