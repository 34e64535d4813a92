// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QDateTime>
#include <QSet>
#include <QString>

#include <vector>

namespace fw {

/// The traces that share one chart. Borrows from the model until its results change.
struct ChartGroup
{
    QString key;      ///< "<pluginId>/<group or trace id>"; stays the same from run to run
    QString title;
    QString pluginId;
    QString method;   ///< for people, with the version: "Blink rate 1.2.0"
    std::vector<const Trace *> traces;
    std::vector<const Event *> events; ///< of the same method; of the same face where both name one
    QDateTime made = {}; ///< when its run began; not valid: nobody knows
};

/// All charts that the clip's results offer. Methods that found something suspicious come first,
/// then those that could not say, those that found nothing, and those that only measure.
std::vector<ChartGroup> chartGroups(const ClipModel &model);

/// The charts to show while nobody has chosen: the first ones, and no more than a few of one
/// method, so that forty curves do not bury the one that matters.
QSet<QString> defaultCharts(const std::vector<ChartGroup> &groups);

/// Names one trace: "<pluginId>/<trace id>".
QString traceKey(const QString &pluginId, const Trace &trace);

} // namespace fw
