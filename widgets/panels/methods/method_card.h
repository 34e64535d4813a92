// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "run/plugin_registry.h"

#include <QPalette>
#include <QString>

namespace fw {

/// What a method says of itself, as rich text: what it looks for, whom it follows, what it needs,
/// which frames it reads, its limits, its models with hash and licence. A refused plugin shows why.
QString methodCardHtml(const PluginEntry &entry, const QPalette &palette);
/// "every frame", "every 5th frame", "at most 40 frames, spread evenly", ...
QString samplingText(const Sampling &sampling);

} // namespace fw
