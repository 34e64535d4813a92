// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/trace_catalog.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kDefaultCharts = 5, kDefaultPerMethod = 2;

/// Smaller comes first.
int rankOf(const MethodResult &result)
{
    int rank = 4;
    for (const Finding &finding : result.result.findings)
        rank = std::min(rank, attentionRank(finding.verdict));
    return rank;
}

bool sameFace(const ChartGroup &group, const Event &event)
{
    return !event.track || std::ranges::any_of(group.traces, [&](const Trace *trace) {
        return !trace->track || *trace->track == *event.track;
    });
}

} // namespace

QString traceKey(const QString &pluginId, const Trace &trace)
{
    return pluginId + u'/' + trace.id;
}

std::vector<ChartGroup> chartGroups(const ClipModel &model)
{
    std::vector<const MethodResult *> results;
    for (const MethodResult &result : model.results())
        results.push_back(&result);
    std::ranges::stable_sort(results, {}, [](const MethodResult *r) { return rankOf(*r); });

    std::vector<ChartGroup> groups;
    for (const MethodResult *result : results) {
        const QString &id = result->record.pluginId;
        const Manifest *manifest = model.manifest(id);
        const QString name = manifest ? manifest->name : id.section(u'.', -1);
        const std::size_t first = groups.size();
        for (const Trace &trace : result->result.measured.traces) {
            const bool alone = trace.group.isEmpty();
            const QString key = alone ? traceKey(id, trace) : id + u"/group:"_s + trace.group;
            auto group = std::find_if(groups.begin() + std::ptrdiff_t(first), groups.end(),
                                      [&](const ChartGroup &g) { return g.key == key; });
            if (group == groups.end()) {
                groups.push_back({key, alone ? trace.title : trace.group, id,
                                  (name + u' ' + result->record.pluginVersion).trimmed(), {}, {},
                                  result->record.started});
                group = groups.end() - 1;
            }
            group->traces.push_back(&trace);
        }
        for (std::size_t i = first; i < groups.size(); ++i) {
            for (const Event &event : result->result.measured.events) {
                if (sameFace(groups[i], event))
                    groups[i].events.push_back(&event);
            }
        }
    }
    return groups;
}

QSet<QString> defaultCharts(const std::vector<ChartGroup> &groups)
{
    QSet<QString> shown;
    std::map<QString, int> perMethod;
    for (const ChartGroup &group : groups) {
        if (shown.size() < kDefaultCharts && perMethod[group.pluginId] < kDefaultPerMethod) {
            ++perMethod[group.pluginId];
            shown.insert(group.key);
        }
    }
    return shown;
}

} // namespace fw
