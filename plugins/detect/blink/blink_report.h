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
    std::vector<double> eyeWidths;     ///< px
    int turnedAway = 0;
};

enum class LidSource { Openness, AspectRatio };

/// The series that blinks are counted in: the openness where it covers nine tenths of what the aspect
/// ratio covers. One for the whole track, so that a blink means the same everywhere.
LidSource sourceOf(const EyeTrack &track);

const std::vector<EyeSample> &samplesBy(const EyeTrack &track, LidSource source);

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
