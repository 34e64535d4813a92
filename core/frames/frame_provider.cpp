// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/frame_provider.h"

#include <algorithm>

namespace fw {

std::optional<FrameIndex> ClipClock::indexAt(double second) const
{
    if (seconds.empty())
        return std::nullopt;
    // A microsecond of tolerance: a frame's own time must find that frame after a round trip
    // through text or a slider.
    const auto after = std::upper_bound(seconds.begin(), seconds.end(), second + 1e-6);
    return std::max<FrameIndex>(0, FrameIndex(after - seconds.begin()) - 1);
}

double ClipClock::secondsOf(FrameIndex index) const
{
    if (seconds.empty())
        return 0.0;
    return seconds[std::size_t(std::clamp<FrameIndex>(index, 0, FrameIndex(seconds.size()) - 1))];
}

} // namespace fw
