// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/timeline/time_axis.h"
#include "panels/timeline/timeline_lanes.h"

#include <QPalette>
#include <QRect>

class QPainter;

namespace fw {

/// Everything that the painting of one stretch of time needs, computed once for all lanes.
struct LaneScene
{
    const ClipModel &clip;
    const TimeAxis &axis;
    std::vector<FrameIndex> columns; ///< from framesOfColumns
    QPalette palette;
    QFont font;
    bool dark = true;

    FrameRange framesOf(int column) const
    {
        const FrameIndex first = columns[std::size_t(column)];
        return {first, std::max(first + 1, columns[std::size_t(column) + 1])};
    }
    double xOfFrame(FrameIndex index) const { return axis.xOf(frameStart(clip.clock(), index)); }
};

/// Draws the track of one lane into `rect`, whose left edge is the axis' pixel 0. The work is bounded
/// by the pixels and one pass over the values in view, so an hour of frames paints in milliseconds.
/// @param asHeat  the curve as a strip of colours instead of a line.
void paintLane(QPainter &painter, const QRect &rect, const TimelineLane &lane, const LaneScene &scene,
               bool asHeat);
/// Draws the name of a lane, its verdict and its fold mark.
void paintLaneLabel(QPainter &painter, const QRect &rect, const TimelineLane &lane,
                    const LaneScene &scene, bool current);

/// Lowest, highest and mean of a trace in each pixel column; `any` is false where nothing was measured.
struct TraceColumn
{
    double low = 0.0, high = 0.0, mean = 0.0;
    bool any = false;
};
std::vector<TraceColumn> columnsOf(const Trace &trace, const LaneScene &scene);

} // namespace fw
