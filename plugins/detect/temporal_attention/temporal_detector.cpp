// SPDX-License-Identifier: GPL-3.0-or-later
#include "temporal_detector.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kFewestWindows = 8;   ///< that do not overlap: about 10 s
constexpr double kFewestRate = 12.0;        ///< frames/s
constexpr double kFewestEyeCorners = 40.0;  ///< px
constexpr std::size_t kEventWindows = 3;    ///< one after the other
constexpr double kOutside = 1.0;            ///< distance beyond 99 % of training

double rateOf(const std::vector<BehaviourRow> &rows)
{
    const double seconds = rows.back().seconds - rows.front().seconds;
    return seconds > 0.0 ? double(rows.back().frame - rows.front().frame) / seconds : 0.0;
}

} // namespace

Result<void> TemporalDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_job = job;
    m_camera = Camera::assumed(clip.width, clip.height);
    const QString model = job.choice(u"network"_s) == u"transformer"_s ? u"transformer"_s : u"temporal"_s;
    auto network = Network::ofModels(job.modelPaths, job.modelHashes, model);
    if (!network)
        return Failure{network.error()};
    m_network = std::move(*network);
    return {};
}

Result<void> TemporalDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    for (const FaceObservation &face : *bundle.observed.faces)
        m_tracks[face.track].push_back(behaviourRow(bundle.index, bundle.seconds, face, m_camera));
    return {};
}

Result<AnalysisResult> TemporalDetector::finish(const Ledger &)
{
    AnalysisResult result;
    for (const auto &[id, rows] : m_tracks) {
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const auto windows = motionWindows(rows);
        if (windows.empty())
            continue;
        const auto scores = temporalScores(*m_network, windows, m_job.stop);
        if (!scores)
            return Failure{scores.error()};
        show(id, rows, *scores, result.measured);
        result.findings.push_back(findingOf(id, rows, *scores));
    }
    if (m_job.stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face was followed without a gap for 1.3 s"_s);
    return result;
}

void TemporalDetector::show(TrackId id, const std::vector<BehaviourRow> &rows, const std::vector<TemporalScore> &scores, Measurements &out) const
{
    const QString face = u"face %1"_s.arg(number(id) + 1), suffix = u'.' + QString::number(number(id));
    const double line = m_job.number(u"eventLine"_s);
    TemporalTraces traces = temporalTraces(scores, rows.size());
    std::vector<FrameIndex> frames;
    for (const BehaviourRow &row : rows)
        frames.push_back(row.frame);
    const auto add = [&](const QString &name, const QString &title, const QString &unit, const QString &about, std::vector<double> values) -> Trace & {
        Trace trace;
        trace.id = name + suffix;
        trace.title = title + u", "_s + face;
        trace.unit = unit;
        trace.about = about;
        trace.track = id;
        trace.frames = frames;
        trace.values = std::move(values);
        trace.group = trace.title;
        out.traces.push_back(std::move(trace));
        return out.traces.back();
    };
    Trace &logit = add(u"temporal.logit"_s, u"Motion: network score"_s, u"1"_s,
                       u"Above 0 the motion is more like the manipulated windows of training, below more like the genuine ones; left out where the motion is unlike everything trained on."_s,
                       std::move(traces.logit));
    if (std::any_of(scores.begin(), scores.end(), [](const TemporalScore &s) { return s.spread > 0.0; })) {
        logit.lower = std::move(traces.low); // the deviation among networks, where there are several
        logit.upper = std::move(traces.high);
    }
    logit.thresholds = {{line, u"marked from here"_s}};
    add(u"temporal.attention"_s, u"Motion: attention"_s, u"1"_s,
        u"How much each frame counts for the network; 1 is an even share. Attention is no reason: see the contribution."_s, std::move(traces.attention));
    add(u"temporal.contribution"_s, u"Motion: contribution"_s, u"1"_s,
        u"By how much the score falls when four frames are replaced by the mean of their window."_s, std::move(traces.contribution));

    std::size_t begin = 0;
    for (std::size_t i = 0; i <= scores.size(); ++i) {
        if (i < scores.size() && scores[i].logit > line && scores[i].distance <= kOutside)
            continue;
        if (i - begin >= kEventWindows) {
            Event event;
            event.id = u"motion.%1.%2"_s.arg(number(id)).arg(out.events.size());
            event.kind = u"temporal-score"_s;
            event.label = u"Motion scored high, "_s + face;
            event.range = {rows[scores[begin].firstRow].frame, rows[scores[i - 1].lastRow].frame + 1};
            event.track = id;
            event.strength = 0.3;
            out.events.push_back(event);
        }
        begin = i + 1;
    }
}

Finding TemporalDetector::findingOf(TrackId id, const std::vector<BehaviourRow> &rows, const std::vector<TemporalScore> &scores) const
{
    Finding finding;
    finding.id = u"temporal_attention.face-%1"_s.arg(number(id));
    finding.title = u"Motion seen by a network, face %1"_s.arg(number(id) + 1);
    finding.verdict = Verdict::Inconclusive; // by design: see the manifest
    finding.track = id;
    finding.range = FrameRange{rows.front().frame, rows.back().frame + 1};
    std::vector<double> logits, corners;
    std::size_t outside = 0;
    const auto separate = separateScores(scores);
    const TemporalScore *highest = separate.front();
    for (const TemporalScore *s : separate) {
        outside += s->distance > kOutside ? 1 : 0;
        if (s->distance <= kOutside)
            logits.push_back(s->logit);
        if (s->logit > highest->logit)
            highest = s;
    }
    for (const BehaviourRow &row : rows)
        corners.push_back(row.eyeCorners);
    finding.keyFrame = rows[(highest->firstRow + highest->lastRow) / 2].frame;
    QStringList reasons;
    if (separate.size() < kFewestWindows)
        reasons << u"only %1 windows of 1.3 s, %2 are needed"_s.arg(separate.size()).arg(kFewestWindows);
    if (median(corners).value_or(0.0) < kFewestEyeCorners)
        reasons << u"the face is too small"_s;
    if (rateOf(rows) < kFewestRate)
        reasons << u"fewer than %1 frames a second"_s.arg(kFewestRate);
    if (2 * outside > separate.size())
        reasons << u"%1 of %2 windows are unlike everything the network was trained on"_s.arg(outside).arg(separate.size());
    reasons << u"on sources never trained on the score does not tell manipulated clips from genuine ones reliably (see the limits of the method)"_s;
    if (const auto middle = median(logits)) {
        finding.score = Score{*middle, ScoreScale::Raw, u"median score of the windows"_s, u"1"_s,
                              u"no reference: the score is not calibrated, and does not decide"_s, {}, {}};
        finding.summary = u"Median score %1 over %2 windows (above 0 is more like manipulated motion). Not decided: %3."_s
                              .arg(*middle, 0, 'f', 2).arg(logits.size()).arg(reasons.join(u"; "_s));
    } else {
        finding.summary = u"Not decided: %1."_s.arg(reasons.join(u"; "_s));
    }
    finding.against << u"Frame-rate conversion, noise reduction, upscaling, occlusion and landmarks that slip change the score as well."_s;
    finding.limits << u"The score rests on the landmarks that other methods use: never count it as independent of them. Attention is no reason."_s;
    return finding;
}

} // namespace fw
