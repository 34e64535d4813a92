// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/run_record.h"

#include <cmath>
#include <limits>

namespace fw::test {

/// A trace over `count` frames: a slow wave around 0.
inline Trace waveTrace(const QString &id, int count, const QString &group = {})
{
    Trace trace;
    trace.id = id;
    trace.title = QStringLiteral("Wave ") + id;
    trace.unit = QStringLiteral("px");
    trace.group = group;
    for (int i = 0; i < count; ++i) {
        trace.frames.push_back(i);
        trace.values.push_back(std::sin(i * 0.05));
    }
    return trace;
}

inline MethodResult resultWith(const QString &plugin, std::vector<Trace> traces,
                               std::optional<Verdict> verdict = std::nullopt)
{
    MethodResult result;
    result.record.pluginId = plugin;
    result.record.pluginVersion = QStringLiteral("1.0.0");
    result.result.measured.traces = std::move(traces);
    if (verdict) {
        Finding finding;
        finding.verdict = *verdict;
        result.result.findings.push_back(finding);
    }
    return result;
}

} // namespace fw::test
