// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/behaviour_row.h"

#include <array>
#include <random>
#include <vector>

namespace fw::lab {

/// What may be done to a genuine stretch; each leaves the traces of one kind of frame-wise synthesis in
/// the measurements.
enum class TemporalEdit {
    Tremble, ///< landmarks wander independently, slowly or from frame to frame
    Slip,    ///< the inner face is that of 3 to 12 frames before or after, the head is not
    Lips,    ///< mouth alone, from another moment
    Damped,  ///< motion weaker and slower than it was, with a little tremble
    Eyes,    ///< one eye late or looking elsewhere
};
inline constexpr std::array kTemporalEdits{TemporalEdit::Tremble, TemporalEdit::Slip, TemporalEdit::Lips, TemporalEdit::Damped,
                                           TemporalEdit::Eyes};
const char *nameOf(TemporalEdit edit);

/// Rows [begin, begin + count) of a track (at kWindowRate) after the edit; rows around are needed for
/// other moments. Strength and kind of motion are drawn.
std::vector<BehaviourRow> edited(const std::vector<BehaviourRow> &rows, std::size_t begin, std::size_t count, TemporalEdit edit,
                                 std::mt19937_64 &random);

/// Noise of landmarks, as a worse camera gives it: applied to genuine and edited alike.
void roughen(std::vector<BehaviourRow> &rows, double px, std::mt19937_64 &random);

} // namespace fw::lab
