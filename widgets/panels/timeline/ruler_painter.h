// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/timeline/lane_painter.h"

namespace fw {

/// Clock marks in the upper part; below them a tick a frame by picture type: key frames strong, and
/// the letter I, P or B where a frame is wide enough for one. The in-out range lies behind.
void paintRuler(QPainter &painter, const QRect &rect, const LaneScene &scene);

} // namespace fw
