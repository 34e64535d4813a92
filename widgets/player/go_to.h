// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "frames/frame_provider.h"
#include "media/ledger.h"

#include <optional>

namespace fw {

/// How places are named in the clip that is shown.
struct GoToContext
{
    const ClipClock &clock;
    const Ledger &ledger;         ///< may be empty: then PTS are taken from the clock
    Rational timeBase;            ///< of the video stream
    std::int64_t startTicks = 0;  ///< PTS of the first frame
    FrameIndex playhead = 0;
};

/// Reads what people type: "312" or "f 312" (frame), "+10", "-10" (frames from here), "12.5" or
/// "12 s" (seconds), "1:12.48" (clock), "00:01:12:05" (clock and frames), "pts 159744".
/// @return the frame on screen at that place, or a sentence that says what is wrong.
Result<FrameIndex> parseGoTo(const QString &text, const GoToContext &context);

} // namespace fw
