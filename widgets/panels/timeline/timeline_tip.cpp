// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/timeline_tip.h"

#include "panels/common/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kMostLines = 4; ///< of events and of findings: a tip is not a list

QString sayTip(const char *text)
{
    return QCoreApplication::translate("fw::Timeline", text);
}

QString frameFacts(const ClipModel &clip, FrameIndex frame)
{
    const ClipClock &clock = clip.clock();
    QString text = placeText(frame, clock);
    const auto at = std::size_t(frame);
    if (at < clock.pictureTypes.size() && clock.pictureTypes[at] != '?')
        text += u" · "_s + sayTip("%1 picture").arg(QLatin1Char(clock.pictureTypes[at]));
    if (at < clock.keyFrames.size() && clock.keyFrames[at])
        text += u" · "_s + sayTip("key frame");
    return text;
}

QString valueLine(const Trace &trace, const FrameRange &frames)
{
    const auto at = std::lower_bound(trace.frames.begin(), trace.frames.end(), frames.begin);
    if (at == trace.frames.end() || *at >= frames.end)
        return sayTip("%1: not measured here").arg(trace.title);
    const auto i = std::size_t(at - trace.frames.begin());
    if (i >= trace.values.size() || std::isnan(trace.values[i]))
        return sayTip("%1: not measured here").arg(trace.title);
    QString text = trace.title + u": "_s + quantityText(trace.values[i], trace.unit);
    if (i < trace.lower.size() && i < trace.upper.size() && std::isfinite(trace.lower[i]))
        text += sayTip(" (band %1 to %2)").arg(numberText(trace.lower[i]), numberText(trace.upper[i]));
    return text;
}

QStringList faceLines(const ClipModel &clip, const TimelineLane &lane, FrameIndex frame)
{
    const FaceObservations *faces = clip.observations().facesAt(frame);
    if (!faces)
        return {sayTip("Nobody looked for faces in this frame")};
    for (const FaceObservation &face : *faces) {
        if (face.track != lane.track)
            continue;
        return {sayTip("%1: %2 × %3 px, %4")
                    .arg(lane.title)
                    .arg(std::lround(face.box.width))
                    .arg(std::lround(face.box.height))
                    .arg(face.detected ? sayTip("detected") : sayTip("tracked"))};
    }
    return {sayTip("%1 was not seen here").arg(lane.title)};
}

} // namespace

QString timelineTip(const ClipModel &clip, const TimelineLane *lane, const FrameRange &frames)
{
    QStringList lines{frameFacts(clip, frames.begin)};
    if (!lane)
        return lines.join(u'\n');
    switch (lane->kind) {
    case TimelineLane::Kind::Marks:
        for (const Mark &mark : clip.marks())
            if (!mark.removed && mark.range.begin < frames.end && frames.begin < std::max(mark.range.end, mark.range.begin + 1))
                lines << sayTip("Mark: %1").arg(mark.label);
        return lines.join(u'\n');
    case TimelineLane::Kind::Face:
        lines << faceLines(clip, *lane, frames.begin);
        return lines.join(u'\n');
    case TimelineLane::Kind::Method:
    case TimelineLane::Kind::Trace:
        break;
    }
    if (lane->trace) {
        lines << valueLine(*lane->trace, frames);
        for (const Threshold &threshold : lane->trace->thresholds)
            lines << sayTip("Threshold %1: %2").arg(quantityText(threshold.value, lane->trace->unit), threshold.label);
        if (!lane->trace->about.isEmpty())
            lines << lane->trace->about;
    }
    const auto events = eventsAt(*lane, frames);
    for (std::size_t i = 0; i < std::min(events.size(), kMostLines); ++i)
        lines << sayTip("Event: %1").arg(events[i]->label.isEmpty() ? events[i]->kind : events[i]->label);
    const auto findings = findingsAt(*lane, frames);
    for (std::size_t i = 0; i < std::min(findings.size(), kMostLines); ++i)
        lines << verdictTitle(findings[i]->verdict) + u": "_s + findings[i]->title;
    if (!lane->message.isEmpty())
        lines << lane->message;
    const Manifest *manifest = clip.manifest(lane->pluginId);
    const QString name = manifest && !manifest->name.isEmpty() ? manifest->name : lane->pluginId;
    lines << sayTip("Method: %1 %2").arg(name, lane->result ? lane->result->record.pluginVersion : QString()).trimmed();
    return lines.join(u'\n');
}

} // namespace fw
