// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/measurement.h"
#include "findings/behaviour_csv.h"

namespace fw {

/// Angles of the head (degrees) and action units of another program's table, one trace each and face:
/// intensities 0 to 5 of OpenFace, presences (0 or 1) of py-feat.
/// @param frames  of the clip; later ones are left out.
std::vector<Trace> tracesOfImport(const ObservationLog &log, BehaviourFormat format, std::int64_t frames);

} // namespace fw
