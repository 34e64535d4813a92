// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blinks/blink_count.h"
#include "detect/analysis.h"
#include "media/ledger.h"

namespace fw {

/// What was collected on the eyes of one face; one sample for each of its frames in each series.
struct EyeTrack
{
    std::vector<EyeSample> aspects;    ///< eye aspect ratios
    std::vector<EyeSample> opennesses; ///< from the eye network
    std::vector<EyeSample> closures;   ///< 0 open .. 1 shut, from the network over time; may be empty
    std::vector<EyeSample> closed;     ///< probability that the eye is shut, from the same
    std::vector<double> eyeWidths;     ///< px
    int turnedAway = 0;
};

enum class LidSource { Network, Openness, AspectRatio };

/// The series that blinks are counted in: the openness where it covers nine tenths of what the aspect
/// ratio covers. One for the whole track, so that a blink means the same everywhere.
/// Never the network over time: beside what a person saw it was no better (models/blink/card.md).
LidSource sourceOf(const EyeTrack &track);

const std::vector<EyeSample> &samplesBy(const EyeTrack &track, LidSource source);
/// 0 open to 1 shut by that measure.
ClosureTrace closureBy(const EyeTrack &track, LidSource source);

/// Usable time and quality of what was seen. @param ledger  tells repeated frames.
BlinkFootage footageOf(const std::vector<EyeSample> &samples, const EyeTrack &track,
                       const std::vector<LidEvent> &events, const Ledger &ledger,
                       std::vector<std::pair<double, double>> *stretches);

/// Events, traces and tables of one face, for the result.
void describeLids(TrackId id, const EyeTrack &track, const std::vector<LidEvent> &events, LidSource source,
                  Measurements &out);

/// What the count means, in words.
Finding blinkFinding(TrackId id, const EyeTrack &track, const std::vector<LidEvent> &events, LidSource source,
                     const BlinkBasis &basis);

} // namespace fw
