// SPDX-License-Identifier: GPL-3.0-or-later
#include "structure_detector.h"

#include "container_checks.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

Trace durationTrace(const Timing &timing, std::int64_t frames)
{
    Trace trace;
    trace.id = u"structure.duration"_s;
    trace.title = u"Frame duration"_s;
    trace.unit = u"ms"_s;
    trace.about = u"Time from each frame to the next, from the presentation times. Gaps stand out upward, "
                  "repeated times lie at zero."_s;
    for (std::int64_t i = 0; i < frames; ++i) {
        trace.frames.push_back(i);
        trace.values.push_back(std::size_t(i) < timing.stepSeconds.size()
                                   ? 1000.0 * timing.stepSeconds[std::size_t(i)]
                                   : std::numeric_limits<double>::quiet_NaN());
    }
    if (timing.constantRate)
        trace.thresholds.push_back({1500.0 * timing.typicalSeconds,
                                    u"1.5 times the typical duration: a frame is missing"_s});
    return trace;
}

std::vector<Event> eventsOf(const Structure &s)
{
    std::vector<Event> events;
    const auto add = [&](const QString &kind, const QString &label, FrameRange range, FrameIndex apex,
                         double strength) {
        Event event;
        event.id = u"%1.%2"_s.arg(kind).arg(range.begin);
        event.kind = kind;
        event.label = label;
        event.range = range;
        event.apex = apex;
        event.strength = strength;
        events.push_back(std::move(event));
    };
    for (const TimestampGap &gap : s.timing.gaps)
        add(u"timestamp-gap"_s,
            gap.missing == 1 ? u"1 frame missing"_s : u"%1 frames missing"_s.arg(gap.missing),
            {gap.after - 1, gap.after + 1}, gap.after, std::min(1.0, double(gap.missing) / 10.0));
    for (const DuplicateRun &run : s.duplicates.runs)
        add(u"duplicate-run"_s, u"same as frames %1 to %2"_s.arg(run.original.begin).arg(run.original.end - 1),
            run.copy, run.copy.begin, run.loop ? 0.3 : 1.0);
    for (const GroupBreak &broken : s.groups.breaks)
        add(u"gop-break"_s, u"key frame after %1 frames, elsewhere %2"_s.arg(broken.spacing).arg(broken.usual),
            {broken.keyFrame, broken.keyFrame + 1}, broken.keyFrame, 0.4);
    std::stable_sort(events.begin(), events.end(), [](const Event &a, const Event &b) {
        return a.range.begin < b.range.begin;
    });
    return events;
}

Table factTable(const MediaFacts &media, const Ledger &ledger, const Structure &s)
{
    Table table;
    table.id = u"structure.facts"_s;
    table.title = u"Structure of the stream"_s;
    table.about = u"Counted over all decoded frames, unless it says declared."_s;
    table.columns = {{u"Fact"_s, {}}, {u"Value"_s, {}}};
    const auto row = [&](const QString &fact, const QJsonValue &value) {
        table.rows.push_back(QJsonArray{fact, value});
    };
    const StreamFacts &video = *media.video();
    row(u"Container"_s, media.containerLongName.isEmpty() ? media.container : media.containerLongName);
    row(u"Codec"_s, video.profile.isEmpty() ? video.codec : video.codec + u", "_s + video.profile);
    if (const QString program = writingProgram(media); !program.isEmpty())
        row(u"Written by (tag)"_s, program);
    row(u"Frames counted"_s, double(ledger.count()));
    if (video.declaredFrames)
        row(u"Frames declared"_s, double(*video.declaredFrames));
    if (!ledger.entries.empty())
        row(u"First time stamp (s)"_s, Timestamp{ledger.entries.front().pts, ledger.timeBase}.seconds());
    if (s.timing.typicalSeconds > 0.0) {
        row(u"Typical frame duration (ms)"_s, 1000.0 * s.timing.typicalSeconds);
        row(u"Steps of that duration (%)"_s, 100.0 * s.timing.regularShare);
        row(u"Frame rate"_s, s.timing.constantRate ? u"constant"_s : u"variable"_s);
    }
    row(u"Gaps in the clock"_s, s.timing.constantRate ? QJsonValue(double(s.timing.gaps.size()))
                                                      : QJsonValue(QJsonValue::Null));
    row(u"I, P, B pictures"_s, u"%1, %2, %3"_s.arg(s.groups.intra).arg(s.groups.predicted)
                                   .arg(s.groups.bidirectional));
    row(u"Key frames"_s, double(s.groups.keyFrames.size()));
    if (s.groups.usualSpacing)
        row(u"Most frequent key frame spacing (frames)"_s, double(*s.groups.usualSpacing));
    row(u"Key frame spacing"_s, s.groups.evenSpacing ? u"even"_s : u"too few groups or uneven"_s);
    const auto edits = std::count_if(media.editList.begin(), media.editList.end(),
                                     [&](const EditListEntry &e) { return e.streamIndex == video.index; });
    row(u"Edit list entries of the video"_s, double(edits));
    row(u"Frames equal to the frame before"_s,
        s.duplicates.measured ? QJsonValue(double(s.duplicates.equalToPrevious))
                              : QJsonValue(QJsonValue::Null));
    return table;
}

Table oddityTable(const Structure &s)
{
    Table table;
    table.id = u"structure.oddities"_s;
    table.title = u"What differs from a plain recording"_s;
    table.about = u"Strong: ordinary cameras, encoders and streams seldom cause it. Weak: much else causes "
                  "it as well. Note: says nothing about editing."_s;
    table.columns = {{u"Frame"_s, {}, true}, {u"Weight"_s, {}}, {u"What"_s, {}}, {u"Ordinary causes"_s, {}}};
    for (const Oddity &oddity : s.oddities)
        table.rows.push_back(QJsonArray{oddity.frame ? QJsonValue(double(*oddity.frame))
                                                     : QJsonValue(QJsonValue::Null),
                                        weightName(oddity.weight), oddity.what, oddity.ordinary});
    return table;
}

QString asSentence(const QString &clause)
{
    return clause.isEmpty() ? clause : clause.left(1).toUpper() + clause.mid(1) + u'.';
}

Finding claim(const Structure &s, std::int64_t frames)
{
    Finding finding;
    finding.id = u"codec_structure.stream"_s;
    finding.title = u"Structure of the stream"_s;
    finding.range = FrameRange{0, frames};
    finding.limits = {
        u"A clip that was decoded, edited and coded anew from start to end has a clean structure again."_s,
        u"Repeated stretches are found only where the decoded frames are equal bit for bit, as after "
        "copying coded data; a copy that was coded anew differs slightly."_s};
    if (!s.timing.constantRate)
        finding.limits.append(u"The frame rate is not constant, so missing frames cannot be counted."_s);
    if (!s.groups.evenSpacing)
        finding.limits.append(u"Key frames are too few or uneven to show a broken rhythm."_s);
    if (!s.duplicates.measured)
        finding.limits.append(u"The frames were not hashed, so repeated stretches could not be looked for."_s);

    std::int64_t strong = 0, weak = 0;
    for (const Oddity &oddity : s.oddities) {
        if (oddity.weight == Weight::Note)
            continue;
        ++(oddity.weight == Weight::Strong ? strong : weak);
        finding.supports.append(asSentence(oddity.what));
        if (!finding.against.contains(oddity.ordinary))
            finding.against.append(oddity.ordinary);
        if (oddity.frame && !finding.keyFrame)
            finding.keyFrame = oddity.frame;
    }
    if (strong > 0) {
        finding.verdict = Verdict::Suspicious;
        finding.strength = std::min(1.0, 0.6 + 0.1 * double(strong));
        finding.summary = asSentence(s.oddities.front().what);
        if (strong > 1)
            finding.summary += u" %1 such signs in all."_s.arg(strong);
    } else if (weak > 0) {
        finding.verdict = Verdict::Inconclusive;
        finding.strength = std::min(0.5, 0.1 * double(weak));
        finding.summary = asSentence(s.oddities.front().what)
            + u" This has ordinary causes as well, so nothing is concluded from it alone."_s;
    } else {
        finding.verdict = Verdict::Consistent;
        finding.summary = u"Clock, groups of pictures and container of %1 frames show no sign of missing, "
                          "joined or repeated stretches."_s.arg(frames);
    }
    return finding;
}

} // namespace

Result<void> StructureDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    if (clip.media.still)
        return fail(Errc::NotApplicable, u"a still picture has no stream of frames"_s);
    if (!clip.media.video())
        return fail(Errc::NotApplicable, u"the file has no video stream"_s);
    m_media = clip.media;
    m_metadata = clip.metadata ? clip.metadata : std::make_shared<const Metadata>();
    m_stop = job.stop;
    return {};
}

Result<void> StructureDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (bundle.frame)
        m_scene.add(bundle.index, bundle.frame->bgr);
    return {};
}

Result<AnalysisResult> StructureDetector::finish(const Ledger &ledger)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (ledger.count() < 2)
        return fail(Errc::NotApplicable, u"fewer than two frames could be decoded"_s);
    const Structure s = measureStructure(m_media, *m_metadata, ledger, m_scene);
    AnalysisResult result;
    result.measured.traces.push_back(durationTrace(s.timing, ledger.count()));
    result.measured.events = eventsOf(s);
    result.measured.tables.push_back(factTable(m_media, ledger, s));
    if (!s.oddities.empty())
        result.measured.tables.push_back(oddityTable(s));
    result.findings.push_back(claim(s, ledger.count()));
    return result;
}

} // namespace fw
