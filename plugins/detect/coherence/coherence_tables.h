// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "coherence_statistics.h"
#include "coherence_verdict.h"
#include "findings/measurement.h"

namespace fw {

/// Traces of the signals behind each statistic, the table of statistics, the table of statistics over
/// seconds, and an event for each stretch in which a surviving statistic of grade A is beyond what is
/// allowed.
void showCoherence(TrackId id, const CoherenceTrack &track, const CoherenceResult &result, const CoherenceVerdict &verdict,
                   const CoherenceReference &reference, Measurements &out);

/// A value with its unit: "12 ms", "3.4°", "-0.82".
QString coherenceText(double value, const CoherenceSpec &spec);

/// What a surviving statistic means, with its figures, in one sentence.
QString coherenceSentence(const CoherenceValue &value);

} // namespace fw
