// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/observed_clip.h"

#include <set>

namespace fw::accuracy {

/// The sources that methods are trained on: every other one of each set, in the order of their names. What is
/// measured on the others is measured on footage never trained on.
std::set<QString> trainingSources(const std::vector<ObservedClip> &clips);

} // namespace fw::accuracy
