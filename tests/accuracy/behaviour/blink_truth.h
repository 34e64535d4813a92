// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "blinks/lid_events.h"

#include <QString>

#include <vector>

namespace fw::accuracy {

/// What a person saw the lids do; frames, both inclusive.
struct SeenMovement
{
    FrameIndex onset = 0, apex = 0, end = 0;
    QString kind; ///< "blink", "look-down", "squint", "unclear"
    bool complete = false;
};
/// Reads tests/data/blinks/*.csv.
Result<std::vector<SeenMovement>> readBlinkTruth(const QString &path);

struct BlinkScore
{
    int blinks = 0, hit = 0, invented = 0, completeRight = 0;
    double minutes = 0.0;

    double recall() const { return blinks > 0 ? double(hit) / blinks : 0.0; }
    double falsePerMinute() const { return minutes > 0 ? invented / minutes : 0.0; }
    BlinkScore &operator+=(const BlinkScore &more);
    void print(const char *clip, const char *measure) const;
};

/// One found blink belongs to one seen blink when its apex lies within it, give or take two frames.
/// What was found in an unclear place counts neither way. @param found  apex is a frame number.
BlinkScore scoreBlinks(const std::vector<LidEvent> &found, const std::vector<SeenMovement> &seen, double minutes);

} // namespace fw::accuracy
