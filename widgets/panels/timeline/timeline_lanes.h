// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "paint/axis.h"

#include <QSet>
#include <QString>

#include <optional>
#include <vector>

namespace fw {

/// One row of the timeline. Points into the results of the clip, so lanes are made anew whenever
/// those change and never outlive them.
struct TimelineLane
{
    enum class Kind { Marks, Face, Method, Trace } kind = Kind::Marks;
    QString key;     ///< stable, for what the reader folded open
    QString title;
    QString caption; ///< second line: range and unit, or the state of the method
    QString message; ///< drawn instead of content: "waiting", why not applicable
    int depth = 0;
    bool expandable = false, expanded = false;

    TrackId track{};
    std::vector<FrameRange> present;      ///< Face: where it was seen
    QString pluginId;                     ///< Method, Trace
    const MethodResult *result = nullptr; ///< Method, Trace; null while the method runs
    const Trace *trace = nullptr;         ///< drawn as a curve; null: none

    int top = 0, height = 0; ///< px below the ruler, before scrolling
    bool contains(int y) const { return y >= top && y < top + height; }
    /// Lowest and highest of the trace, its band and its thresholds; looked for when it is first drawn.
    const AxisRange &valueRange() const;

private:
    mutable std::optional<AxisRange> m_range;
};

/// Where each face was seen, by track. A stretch that nobody looked at does not end a bar when the
/// face is there on both sides of it.
std::vector<std::pair<TrackId, std::vector<FrameRange>>> facePresence(const ObservationLog &log);

struct LaneOptions
{
    QSet<QString> expanded; ///< keys
    int lineHeight = 16;    ///< px of one line of text
};

/// @param faces  from facePresence, which is too slow to be asked for at every change.
std::vector<TimelineLane>
makeLanes(const ClipModel &clip,
          const std::vector<std::pair<TrackId, std::vector<FrameRange>>> &faces,
          const LaneOptions &options);

/// The events and findings of a lane that lie under frames [range.begin, range.end).
std::vector<const Event *> eventsAt(const TimelineLane &lane, const FrameRange &range);
std::vector<const Finding *> findingsAt(const TimelineLane &lane, const FrameRange &range);
/// The finding that a double click there means: the shortest that covers it, else the method's first.
const Finding *findingNear(const TimelineLane &lane, const FrameRange &range);
/// The worst verdict of a method; nullopt for observers and methods without findings.
std::optional<Verdict> worstVerdict(const MethodResult &result);

} // namespace fw
