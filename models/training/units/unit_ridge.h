// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/unit_reader.h"
#include "units/unit_samples.h"

#include <string>

namespace fw::lab {

/// Learns the readings from drawn people. The ridge is chosen, and every figure told, on people that
/// were left out (five folds). A unit is read where that does clearly better there than the head model's shapes.
/// @param line  receives a table of concordances, folds' people only.
UnitReader learnUnits(const std::vector<UnitSample> &samples, std::string *table);

/// What a reader says of each sample when the usual face of each scene is taken as in a clip: the faces at
/// rest where there are any, else the mean of the scene. Unread units have the value of the shapes.
std::vector<std::array<double, 17>> readUnits(const UnitReader &reader, const std::vector<UnitSample> &samples);

} // namespace fw::lab
