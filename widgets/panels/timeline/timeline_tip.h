// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/timeline/timeline_lanes.h"

#include <QString>

namespace fw {

/// What lies under the cursor, in plain text: the moment, then the value with its unit and
/// uncertainty, events, findings, the method and its version.
/// @param lane  nullptr over the ruler and the pictures.
/// @param frames  that the pixel under the cursor shows.
QString timelineTip(const ClipModel &clip, const TimelineLane *lane, const FrameRange &frames);

} // namespace fw
