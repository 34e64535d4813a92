// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/action_units.h"
#include "panels/behaviour/face_choice.h"

#include <QString>

#include <optional>

namespace fw {

/// Rows of every view of action units: kPresenceUnits in their order. AU28 has a presence only.
inline constexpr int kUnitRows = int(kPresenceUnits.size());
/// Place in the arrays of intensities; nullopt for AU28.
std::optional<std::size_t> intensityIndex(int row);
/// "AU12 lip corner puller".
QString unitTitle(int row);
/// "2.3 ± 0.4, present"; "present or not: present" for AU28.
QString unitValueText(const ActionUnits &units, int row, UnitScale scale);
/// "relative to own rest" or "as measured".
QString scaleText(UnitScale scale);
inline constexpr double kMostIntensity = 5.0;

} // namespace fw
