// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/measurement.h"
#include "paint/axis.h"

#include <QString>

#include <vector>

namespace fw {

/// Range of the values, bands and thresholds of a chart's traces, with a margin; 0..1 when nothing
/// was measured.
AxisRange chartValueRange(const std::vector<const Trace *> &traces);

/// The distinct units of a chart's traces for its axis: "px", "°, mm", "ratio" for the unit "1".
QString chartUnits(const std::vector<const Trace *> &traces);

/// Seconds of the trace's frames; a frame outside `seconds` gets not-a-number.
/// With an empty `seconds` frame numbers stand in.
std::vector<double> traceSeconds(const Trace &trace, const std::vector<double> &seconds);

/// Moves labels apart so that none overlaps: each wants its centre at `wanted[i]`, needs `height`,
/// and stays within low..high where there is room. @return centres in the order given.
std::vector<double> spreadLabels(const std::vector<double> &wanted, double height, double low,
                                 double high);

/// One sentence or two on what a chart shows, for readers who do not see it: number of values,
/// lowest, highest, mean, and how many lie above each threshold.
QString traceSummary(const Trace &trace);

} // namespace fw
