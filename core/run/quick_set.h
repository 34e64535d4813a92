// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "run/plan.h"

namespace fw {

/// Ids of the methods for a first look at a photograph: those that can name a place or a history for at most five
/// seconds of one processor each at 12 million pixels, together some ten. `photo_accuracy cost`, which measures what
/// methods cost, reads this list as well.
const QStringList &quickSet();

/// Those of them that are installed, each with its default options.
std::vector<MethodChoice> quickMethods(const PluginRegistry &registry);

} // namespace fw
