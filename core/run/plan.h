// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "findings/run_record.h"
#include "run/plugin_registry.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace fw {

struct MethodChoice
{
    QString pluginId;
    QJsonObject options; ///< only what differs from the defaults
};

/// Why a method will not run, known before anything is decoded.
struct NotRun
{
    RunState state = RunState::NotApplicable;
    QString reason;
};

struct PlannedMethod
{
    PluginEntry entry;
    QJsonObject options;                ///< complete and checked
    bool requested = false;             ///< false: only others need it
    std::vector<std::size_t> observers; ///< all that it builds on, directly or not, in plan order
    std::optional<NotRun> notRun;

    bool isObserver() const { return entry.manifest.kind == PluginKind::Observer; }
    /// Gives something that others can need.
    bool isGiver() const { return isObserver() && !entry.manifest.gives.isEmpty(); }
    bool needs(const QString &capability) const
    {
        return entry.manifest.needs.contains(capability);
    }
};

/// Observers first, each after those it builds on; then detectors by id.
using Plan = std::vector<PlannedMethod>;

/// Turns wishes into work: adds the observers that give what is needed and says of every method
/// that cannot run why. Where several observers give the same, one that stands in for others with a
/// chosen file wins (see Manifest::standsIn), then a requested one, then the first id; an observer that
/// gives nothing but what a stand-in gives does not run beside it. Deterministic.
Plan makePlan(const PluginRegistry &registry, const std::vector<MethodChoice> &methods,
              const ClipFacts &clip);

} // namespace fw
