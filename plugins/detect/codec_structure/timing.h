// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/ledger.h"

#include <vector>

namespace fw {

/// A step of the clock in which frames should have been shown and were not.
struct TimestampGap
{
    FrameIndex after = 0;     ///< the first frame behind the gap
    double seconds = 0.0;     ///< from the frame before it
    std::int64_t missing = 0; ///< frames that fit in between at the typical rate
};

/// What the presentation times of a stream say.
struct Timing
{
    std::vector<double> stepSeconds;  ///< [i]: from frame i to i + 1; one shorter than the ledger
    double typicalSeconds = 0.0;      ///< median of the positive steps; 0 with fewer than two frames
    double regularShare = 0.0;        ///< steps at the typical length, within rounding
    bool constantRate = false;        ///< all steps are typical but for a few gaps
    std::vector<TimestampGap> gaps;   ///< only at constant rate; elsewhere long steps mean nothing
    std::vector<FrameIndex> repeated; ///< frames with the time of the frame before
    std::vector<FrameIndex> backward; ///< frames earlier than the frame before
    std::vector<FrameIndex> overlaps; ///< frames whose declared duration runs past the next frame
};

/// Any thread; never fails: a stream of one frame has no steps.
Timing measureTiming(const Ledger &ledger);

} // namespace fw
