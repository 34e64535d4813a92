// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/timeline_lanes.h"

#include "panels/common/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString sayLane(const char *text)
{
    return QCoreApplication::translate("fw::Timeline", text);
}

bool overlaps(const FrameRange &a, const FrameRange &b)
{
    return a.begin < b.end && b.begin < a.end;
}

QString methodTitle(const ClipModel &clip, const QString &pluginId)
{
    const Manifest *manifest = clip.manifest(pluginId);
    return manifest && !manifest->name.isEmpty() ? manifest->name : pluginId;
}

QString stateMessage(const MethodResult &result)
{
    switch (result.state) {
    case RunState::NotApplicable:
        return sayLane("Not applicable: %1").arg(result.reason);
    case RunState::Failed:
        return sayLane("Not analysed: %1").arg(result.reason);
    case RunState::Cancelled:
        return sayLane("Cancelled");
    case RunState::Done:
        break;
    }
    const Measurements &m = result.result.measured;
    const bool placed = std::any_of(result.result.findings.begin(), result.result.findings.end(),
                                    [](const Finding &f) { return f.range || f.keyFrame; });
    if (m.traces.empty() && m.events.empty() && m.heatMaps.empty() && !placed)
        return sayLane("Speaks about the whole file");
    return {};
}

/// Each method's result with what it says in place of curves: first those with something to draw, and
/// none that only looks at photographs.
std::vector<std::pair<const MethodResult *, QString>> lanesOfMethods(const ClipModel &clip)
{
    std::vector<std::pair<const MethodResult *, QString>> lanes;
    for (const MethodResult &result : clip.results()) {
        const Manifest *manifest = clip.manifest(result.record.pluginId);
        if (result.state != RunState::NotApplicable || !manifest || manifest->onVideo)
            lanes.emplace_back(&result, stateMessage(result));
    }
    std::ranges::stable_partition(lanes, [](const auto &lane) { return lane.second.isEmpty(); });
    return lanes;
}

QString rangeCaption(const TimelineLane &lane)
{
    const AxisRange &range = lane.valueRange();
    return sayLane("%1 to %2").arg(numberText(range.low), quantityText(range.high, lane.trace->unit));
}

} // namespace

const AxisRange &TimelineLane::valueRange() const
{
    if (m_range)
        return *m_range;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto include = [&](double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    if (trace) {
        for (const auto *values : {&trace->values, &trace->lower, &trace->upper})
            std::for_each(values->begin(), values->end(), include);
        for (const Threshold &threshold : trace->thresholds)
            include(threshold.value);
    }
    if (low > high)
        m_range = AxisRange{};
    else
        m_range = low == high ? paddedRange(low, high) : AxisRange{low, high};
    return *m_range;
}

std::vector<std::pair<TrackId, std::vector<FrameRange>>> facePresence(const ObservationLog &log)
{
    std::map<int, std::vector<FrameRange>> seen;
    FrameIndex lastLooked = -1; // the frame before this one that somebody looked at
    for (FrameIndex i = 0; i < FrameIndex(log.faces.size()); ++i) {
        const auto &faces = log.faces[std::size_t(i)];
        if (!faces)
            continue;
        for (const FaceObservation &face : *faces) {
            auto &bars = seen[number(face.track)];
            if (!bars.empty() && bars.back().end - 1 >= lastLooked)
                bars.back().end = i + 1;
            else
                bars.push_back({i, i + 1});
        }
        lastLooked = i;
    }
    std::vector<std::pair<TrackId, std::vector<FrameRange>>> list;
    for (auto &[track, bars] : seen)
        list.emplace_back(TrackId(track), std::move(bars));
    return list;
}

std::vector<TimelineLane>
makeLanes(const ClipModel &clip,
          const std::vector<std::pair<TrackId, std::vector<FrameRange>>> &faces,
          const LaneOptions &options)
{
    std::vector<TimelineLane> lanes;
    const int thin = options.lineHeight + 6, thick = 2 * options.lineHeight + 8;
    const auto add = [&](TimelineLane::Kind kind, const QString &key, const QString &title, int height) -> TimelineLane & {
        TimelineLane lane;
        lane.kind = kind;
        lane.key = key;
        lane.title = title;
        lane.height = height;
        lane.expanded = options.expanded.contains(key);
        return lanes.emplace_back(std::move(lane));
    };

    add(TimelineLane::Kind::Marks, u"marks"_s, sayLane("Marks"), thin);
    for (const auto &[track, bars] : faces) {
        TimelineLane &lane = add(TimelineLane::Kind::Face, u"face/%1"_s.arg(number(track)), faceText(track), thin);
        lane.title[0] = lane.title[0].toUpper();
        lane.track = track;
        lane.present = bars;
    }
    for (const auto &[held, message] : lanesOfMethods(clip)) {
        const MethodResult &result = *held;
        const QString &id = result.record.pluginId;
        const auto &traces = result.result.measured.traces;
        TimelineLane &lane = add(TimelineLane::Kind::Method, id, methodTitle(clip, id), thick);
        lane.pluginId = id;
        lane.result = &result;
        lane.message = message;
        lane.expandable = traces.size() > 1;
        lane.expanded = lane.expanded && lane.expandable;
        lane.caption = result.record.pluginVersion;
        if (!traces.empty() && !lane.expanded) {
            lane.trace = &traces.front();
            lane.caption = traces.size() == 1
                ? rangeCaption(lane)
                : sayLane("%1 (1 of %2 curves)").arg(lane.trace->title).arg(traces.size());
        }
        if (!lane.expanded)
            continue;
        lane.caption = sayLane("%1 curves").arg(traces.size());
        for (const Trace &trace : traces) {
            TimelineLane &sub = add(TimelineLane::Kind::Trace, id + u'/' + trace.id, trace.title, thick);
            sub.depth = 1;
            sub.pluginId = id;
            sub.result = &result;
            sub.trace = &trace;
            sub.caption = rangeCaption(sub);
        }
    }
    if (clip.isRunning()) {
        for (const MethodProgress &progress : clip.progress().methods) {
            if (clip.result(progress.pluginId))
                continue;
            TimelineLane &lane = add(TimelineLane::Kind::Method, progress.pluginId,
                                     methodTitle(clip, progress.pluginId), thin);
            lane.pluginId = progress.pluginId;
            lane.message = progress.state == MethodProgress::State::Running && progress.framesTotal > 0
                ? (clip.isPaused() ? sayLane("paused at %1 % of the frames") : sayLane("running, %1 % of the frames")).arg(progress.framesDone * 100 / progress.framesTotal)
                : sayLane("waiting");
        }
    }
    int top = 0;
    for (TimelineLane &lane : lanes) {
        lane.top = top;
        top += lane.height;
    }
    return lanes;
}

std::vector<const Event *> eventsAt(const TimelineLane &lane, const FrameRange &range)
{
    std::vector<const Event *> found;
    if (!lane.result)
        return found;
    for (const Event &event : lane.result->result.measured.events)
        if (overlaps(event.range, range))
            found.push_back(&event);
    return found;
}

std::vector<const Finding *> findingsAt(const TimelineLane &lane, const FrameRange &range)
{
    std::vector<const Finding *> found;
    if (!lane.result)
        return found;
    for (const Finding &finding : lane.result->result.findings) {
        const bool here = finding.range ? overlaps(*finding.range, range)
                                        : finding.keyFrame && range.contains(*finding.keyFrame);
        if (here)
            found.push_back(&finding);
    }
    return found;
}

const Finding *findingNear(const TimelineLane &lane, const FrameRange &range)
{
    const std::vector<const Finding *> here = findingsAt(lane, range);
    const auto length = [](const Finding *f) { return f->range ? f->range->length() : 1; };
    const auto shortest = std::min_element(here.begin(), here.end(), [&](auto *a, auto *b) {
        return length(a) < length(b);
    });
    if (shortest != here.end())
        return *shortest;
    const bool any = lane.result && !lane.result->result.findings.empty();
    return any ? &lane.result->result.findings.front() : nullptr;
}

std::optional<Verdict> worstVerdict(const MethodResult &result)
{
    const auto has = [&](Verdict verdict) {
        const auto &all = result.result.findings;
        return std::any_of(all.begin(), all.end(), [=](const Finding &f) { return f.verdict == verdict; });
    };
    for (const Verdict verdict : {Verdict::Suspicious, Verdict::Inconclusive, Verdict::Consistent,
                                  Verdict::NotApplicable})
        if (has(verdict))
            return verdict;
    return result.state == RunState::NotApplicable || result.state == RunState::Failed
        ? std::optional(Verdict::NotApplicable)
        : std::nullopt;
}

} // namespace fw
