// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "charts/trace_catalog.h"

namespace fw {

/// What leaves the program when a chart is saved.
struct ChartExport
{
    ChartGroup group;              ///< only the traces that are wanted
    std::vector<double> seconds;   ///< of every frame of the clip
    const Ledger *ledger = nullptr; ///< for PTS; may be empty or null
    FrameIndex playhead = 0;
};

/// One row per value: frame,seconds,pts,method,trace,title,track,value,lower,upper,unit. Missing is
/// empty; the decimal point is a point everywhere.
QByteArray chartCsv(const ChartExport &chart);

/// Writes .csv, or a picture of the whole clip's curve on white as .svg or .png, by the ending of
/// the name. The file appears only when it is complete.
Result<void> exportChart(const ChartExport &chart, const QString &path);

} // namespace fw
