// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/measurement.h"

#include <QPainter>

#include <optional>
#include <vector>

namespace fw {

/// Draws traces for print: axes with units, thresholds with labels, bands, gaps, events, playhead.
/// @param seconds  time of each frame index; the axis shows clock time.
void paintChart(QPainter &painter, const QRectF &rect, const std::vector<const Trace *> &traces,
                const std::vector<const Event *> &events, const std::vector<double> &seconds,
                std::optional<FrameIndex> playhead);

} // namespace fw
