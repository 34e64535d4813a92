// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "coherence_statistics.h"

namespace fw::accuracy {

// Controlled manipulations of what was measured on genuine footage.

/// The right eye's lid follows by so many frames.
CoherenceTrack withLidLag(CoherenceTrack track, int frames);
/// One eye looks aside by `degrees`, in a direction drawn once, half of the time, in stretches of 1 to 2 s.
CoherenceTrack withOneEyeAside(CoherenceTrack track, double degrees, std::uint64_t seed);
/// Landmarks 27 to 67 tremble independently by so many px (standard deviation).
CoherenceTrack withInnerJitter(CoherenceTrack track, double px, std::uint64_t seed);
/// The lips of another moment, 4 s away, on a jaw that goes on.
CoherenceTrack withOtherLips(CoherenceTrack track);
/// Nose and eyes turn into those of another face, within 10 s in the middle of the track.
CoherenceTrack withOtherShape(CoherenceTrack track, const CoherenceTrack &other);
/// The same, as far as the jaw is open (AU26): what a face that leaks from the driver would do.
CoherenceTrack withShapeOfTheJaw(CoherenceTrack track, const CoherenceTrack &other);
/// Both eyes turn so many seconds later.
CoherenceTrack withLateEyes(CoherenceTrack track, double seconds);
/// Lips that never shut: the gap is at least so much.
CoherenceTrack withOpenLips(CoherenceTrack track, double gap);
/// The looks turn into those of another face, within 10 s in the middle of the track.
CoherenceTrack withOtherLooks(CoherenceTrack track, const CoherenceTrack &other);
/// Rows [begin, end) of a track.
CoherenceTrack stretchOf(const CoherenceTrack &track, std::size_t begin, std::size_t end);

} // namespace fw::accuracy
