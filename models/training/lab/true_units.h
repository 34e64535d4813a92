// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/action_units.h"
#include "render/face_kit.h"

#include <array>

namespace fw::lab {

/// The intensities (0..5, in the order of kIntensityUnits) that a face was drawn with; NaN for AU23 and AU25.
/// @param expression  strengths in the order of the kit's names.
std::array<double, 17> trueUnits(const render::FaceKit &kit, const float *expression);

/// Whether a face was drawn without an expression, wherever it looks.
bool isAtRest(const render::FaceKit &kit, const float *expression);

} // namespace fw::lab
