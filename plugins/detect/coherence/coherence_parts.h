// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "coherence_statistics.h"

namespace fw::coherence {

// The parts of measureCoherence, for tests and for reading one by one. Signals hold not-a-number
// where a gate of the statistic failed.

/// What explains a wandering difference between the eyes without a contradiction, degrees: eyes (people
/// converge and squint a little) and the slow errors of the eye network; the noise of single frames
/// is added, twice. Set after seeing the genuine clips on which they can be measured: above all five
/// sideways, above eight of nine up and down. See the card of the reference.
constexpr double kVerticalAllowed = 3.0, kSideAllowed = 4.0, kGazeNoiseTimes = 2.0;

CoherenceSignals signalsOf(const CoherenceTrack &track, const CoherenceWithdrawn &withdrawn);

/// Lag of the right lid behind the left (ms) and correlation of the openness.
CoherenceValue lidLag(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed);
CoherenceValue lidCorrelation(const CoherenceTrack &track, const CoherenceSignals &signals);
/// Deviation (degrees, root mean square about the median) of the difference between the eyes, less what
/// goes with the head's yaw.
CoherenceValue verticalGaze(const CoherenceTrack &track, const CoherenceSignals &signals);
CoherenceValue vergence(const CoherenceTrack &track, const CoherenceSignals &signals);
CoherenceValue compensation(const CoherenceTrack &track, const CoherenceSignals &signals);
/// How much earlier than the head the line of sight turns (ms); a turn of the head is one draw.
CoherenceValue gazeLead(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed);
CoherenceValue lipsAndJaw(const CoherenceTrack &track, const CoherenceSignals &signals);
/// Minima of the lip gap below 0.01 a minute of speech.
CoherenceValue lipClosures(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed);
CoherenceValue lipJitter(const CoherenceTrack &track, const CoherenceSignals &signals);
CoherenceValue innerJitter(const CoherenceTrack &track, CoherenceSignals &signals);
/// Scatter of the rigid points' means over 3 s, in errors of such a mean. Null: windows in any
/// order have as much of a trend.
CoherenceValue shapeDrift(const CoherenceTrack &track, std::uint64_t seed);
/// Strongest correlation of the rigid shape's distance from its median with smile, jaw and yaw. Null: one
/// turned around in time against the other by 2 s or more.
CoherenceValue shapeAndExpression(const CoherenceTrack &track, std::uint64_t seed);

/// Median of the looks at the highlights; lower quartile of those into the open mouth.
CoherenceValue highlightsOfEyes(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed);
CoherenceValue insideOfMouth(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed);
/// 95 % quantile of the rows' seam.
CoherenceValue seamOfFace(const CoherenceTrack &track);
/// 95 % quantile of one minus the likeness to the look that is most like all others, of looks that are turned by
/// less than 25 degrees. Null: means of 3 s in any order have as much of a trend.
CoherenceValue identityDrift(const CoherenceTrack &track, std::uint64_t seed);

/// Chance that windows in a random order have as much of a trend as in their own. @param windows  a row a window.
double trendChance(const std::vector<std::vector<double>> &windows, std::uint64_t seed);

/// A1, A2, A3 and where they fail.
CoherenceValue lidAgreement(const CoherenceTrack &track, CoherenceWithdrawn &withdrawn);
CoherenceValue lipAgreement(const CoherenceTrack &track, CoherenceWithdrawn &withdrawn);
CoherenceValue fitQuality(const CoherenceTrack &track, CoherenceWithdrawn &withdrawn);

/// The rows of one whole second, [begin, end).
std::pair<std::size_t, std::size_t> rowsOfSecond(const CoherenceTrack &track, std::size_t second);
std::size_t wholeSeconds(const CoherenceTrack &track);
std::size_t measuredCount(const std::vector<double> &values);

/// Chance (upper bound) of a deviation `sd` when `allowed` is the largest that tracking errors and
/// physiology explain: Student's distribution of the logarithm of the variance.
double excessChance(double sd, double allowed, double effective);

/// 95 % interval of a correlation by Fisher's transformation with an effective sample size.
std::pair<double, double> correlationInterval(double r, double effective);

} // namespace fw::coherence
