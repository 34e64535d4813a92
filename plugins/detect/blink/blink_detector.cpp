// SPDX-License-Identifier: GPL-3.0-or-later
#include "blink_detector.h"

#include "blink_evidence.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kMaxYaw = 35.0 * kRadians, kMaxPitch = 25.0 * kRadians;
constexpr double kEnoughOpenness = 0.9; ///< share of the frames with an aspect ratio
constexpr double kFewestSeconds = 1.0; ///< shorter tracks get no finding of their own

QString text(double value, int digits = 1)
{
    return QString::number(value, 'f', digits);
}

QString percent(double p)
{
    return p < 0.001 ? u"less than 0.1 %"_s : u"%1 %"_s.arg(text(100.0 * p, p < 0.1 ? 1 : 0));
}

double eyeWidth(const Landmarks68 &points)
{
    const auto width = [&](std::size_t a, std::size_t b) { return double(cv::norm(points[a] - points[b])); };
    return 0.5 * (width(36, 39) + width(42, 45));
}

QString kindWord(LidEventKind kind)
{
    switch (kind) {
    case LidEventKind::Blink: return u"blink"_s;
    case LidEventKind::Prolonged: return u"long-closure"_s;
    case LidEventKind::Shut: return u"eyes-shut"_s;
    case LidEventKind::Glance: return u"downward-glance"_s;
    }
    return u"blink"_s;
}

QString kindLabel(const LidEvent &e)
{
    switch (e.kind) {
    case LidEventKind::Blink: return e.complete ? u"Blink"_s : u"Partial blink"_s;
    case LidEventKind::Prolonged: return u"Long closure"_s;
    case LidEventKind::Shut: return u"Eyes shut"_s;
    case LidEventKind::Glance: return u"Look down"_s;
    }
    return {};
}

Trace closureTrace(const QString &id, const QString &title, TrackId track, const std::vector<EyeSample> &samples,
                   const std::vector<double> &values)
{
    Trace trace;
    trace.id = id;
    trace.title = title;
    trace.unit = u"1"_s;
    trace.about = u"How far the lid is closed: 0 is this person's open eye, 1 would be no opening at all."_s;
    trace.track = track;
    trace.group = u"Lid closure, face %1"_s.arg(number(track) + 1);
    trace.thresholds = {{0.35, u"counted from here"_s}};
    for (const EyeSample &s : samples)
        trace.frames.push_back(s.frame);
    trace.values = values;
    return trace;
}

std::optional<double> opennessOf(const std::optional<EyeObservation> &eye)
{
    return eye ? std::optional(double(eye->openness)) : std::nullopt;
}

double measured(const std::vector<EyeSample> &samples)
{
    return double(std::count_if(samples.begin(), samples.end(),
                                [](const EyeSample &s) { return s.left || s.right; }));
}

} // namespace

struct BlinkDetector::Weighed
{
    std::vector<LidEvent> events;
    BlinkFootage footage;
    BlinkEvidence evidence;
    const BlinkContext &context;
    CounterQuality counter;
};

Result<void> BlinkDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_clip = clip;
    m_job = job;
    return {};
}

Result<void> BlinkDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    for (const FaceObservation &face : *bundle.observed.faces) {
        Track &track = m_tracks[face.track];
        EyeSample sample{bundle.index, bundle.seconds, {}, {}};
        bool away = false;
        if (face.pose) {
            const EulerAngles angles = eulerAngles(face.pose->rotation);
            away = std::abs(angles.yawRadians) > kMaxYaw || std::abs(angles.pitchRadians) > kMaxPitch;
        }
        track.turnedAway += away ? 1 : 0;
        if (!away) {
            sample.left = face.earImageLeft;
            sample.right = face.earImageRight;
        }
        if (face.landmarks)
            track.eyeWidths.push_back(eyeWidth(*face.landmarks));
        track.samples.push_back(sample);
        // The openness that was read from the eye's own pixels tells a shut eye better than six
        // landmarks do.
        sample.left = away ? std::nullopt : opennessOf(face.eyeImageLeft);
        sample.right = away ? std::nullopt : opennessOf(face.eyeImageRight);
        track.opennesses.push_back(sample);
    }
    return {};
}

Result<AnalysisResult> BlinkDetector::finish(const Ledger &ledger)
{
    AnalysisResult result;
    for (auto &[id, track] : m_tracks) {
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        if (measured(track.opennesses) >= kEnoughOpenness * measured(track.samples))
            track.samples = track.opennesses; // one scale for the whole track
        if (track.samples.back().seconds - track.samples.front().seconds >= kFewestSeconds)
            weigh(id, track, ledger, result);
    }
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face could be followed for a second or longer"_s);
    return result;
}

void BlinkDetector::weigh(TrackId id, const Track &track, const Ledger &ledger, AnalysisResult &result) const
{
    const ClosureTrace closure = closureOf(track.samples);
    Weighed weighed{findLidEvents(track.samples, closure), {}, {}, blinkContext(m_job.choice(u"context"_s)),
                    {m_job.number(u"recall"_s), m_job.number(u"falsePerMinute"_s)}};

    // Usable time: both neighbours measured, no gap between them, eyes not shut for long.
    std::vector<std::pair<double, double>> stretches;
    std::vector<double> steps;
    int measured = 0, repeated = 0;
    for (std::size_t i = 0; i < track.samples.size(); ++i) {
        const EyeSample &s = track.samples[i];
        const bool usable = s.left || s.right;
        measured += usable ? 1 : 0;
        if (i == 0)
            continue;
        const EyeSample &before = track.samples[i - 1];
        const double step = s.seconds - before.seconds;
        steps.push_back(step);
        if (s.frame > 0 && s.frame < ledger.count()
            && ledger.entries[std::size_t(s.frame)].planes == ledger.entries[std::size_t(s.frame - 1)].planes)
            ++repeated;
        const bool shut = std::any_of(weighed.events.begin(), weighed.events.end(), [&](const LidEvent &e) {
            return e.kind == LidEventKind::Shut && s.seconds > e.beginSeconds && s.seconds <= e.endSeconds;
        });
        if (!usable || !(before.left || before.right) || step > 0.25 || shut)
            continue;
        weighed.footage.usableSeconds += step;
        if (!stretches.empty() && stretches.back().second == before.seconds)
            stretches.back().second = s.seconds;
        else
            stretches.push_back({before.seconds, s.seconds});
    }
    for (const auto &[begin, end] : stretches)
        weighed.footage.longestStretchSeconds = std::max(weighed.footage.longestStretchSeconds, end - begin);
    const double samples = double(track.samples.size());
    weighed.footage.usableShare = measured / samples;
    weighed.footage.turnedAwayShare = track.turnedAway / samples;
    weighed.footage.repeatedShare = repeated / samples;
    weighed.footage.framesPerSecond = 1.0 / std::max(median(steps).value_or(1.0), 1e-6);
    weighed.footage.medianEyeWidthPixels = median(track.eyeWidths).value_or(0.0);
    weighed.evidence = weighBlinks(weighed.events, weighed.footage, stretches, weighed.context, weighed.counter, m_job.seed);

    const QString face = QString::number(number(id));
    Measurements &out = result.measured;
    out.traces.push_back(closureTrace(u"closure.left."_s + face, u"Lid closure, eye on the left of the picture"_s, id, track.samples, closure.left));
    out.traces.push_back(closureTrace(u"closure.right."_s + face, u"Lid closure, eye on the right of the picture"_s, id, track.samples, closure.right));
    Table table{u"blinks."_s + face, u"Lid events, face %1"_s.arg(number(id) + 1),
                u"Each closure of the lids that was found in the openness of the eyes. Looks down and eyes shut are not counted as blinks."_s,
                {{u"Frame"_s, {}, true}, {u"Kind"_s, {}, false}, {u"Start"_s, u"s"_s, false}, {u"Apex"_s, u"s"_s, false},
                 {u"End"_s, u"s"_s, false}, {u"Half-depth duration"_s, u"ms"_s, false}, {u"Least opening"_s, u"1"_s, false},
                 {u"Right after left"_s, u"ms"_s, false}}, {}};
    int count = 0;
    for (const LidEvent &e : weighed.events) {
        Event event;
        event.id = u"lid.%1.%2"_s.arg(face).arg(count++);
        event.kind = kindWord(e.kind);
        event.label = kindLabel(e);
        event.range = {track.samples[e.begin].frame, track.samples[e.end - 1].frame + 1};
        event.apex = track.samples[e.apex].frame;
        event.track = id;
        event.strength = std::clamp(1.0 - e.minAperture, 0.0, 1.0);
        out.events.push_back(event);
        table.rows.push_back({qint64(*event.apex), event.label, e.beginSeconds, e.apexSeconds, e.endSeconds,
                              std::round(1000.0 * e.halfDepthSeconds), e.minAperture,
                              e.lagSeconds ? QJsonValue(std::round(1000.0 * *e.lagSeconds)) : QJsonValue()});
    }
    out.tables.push_back(std::move(table));
    result.findings.push_back(findingOf(id, track, weighed));
}

Finding BlinkDetector::findingOf(TrackId id, const Track &track, const Weighed &weighed) const
{
    const BlinkEvidence &e = weighed.evidence;
    Finding finding;
    finding.id = u"blink.face-%1"_s.arg(number(id));
    finding.title = u"Blink rate, face %1"_s.arg(number(id) + 1);
    finding.track = id;
    finding.range = FrameRange{track.samples.front().frame, track.samples.back().frame + 1};
    finding.keyFrame = weighed.events.empty() ? track.samples[track.samples.size() / 2].frame
                                              : track.samples[weighed.events.front().apex].frame;
    const QString counted = u"%1 blinks (%2 complete, %3 partial) in %4 s of usable eyes, %5 a minute."_s.arg(e.blinks)
                                .arg(e.complete).arg(e.partial).arg(text(weighed.footage.usableSeconds), text(e.perMinute));
    const QString reference = u"Of %1, %2 would show so few."_s.arg(weighed.context.words, percent(e.pLow));
    finding.score = Score{e.pLow, ScoreScale::PValue, u"chance of so few blinks"_s, {},
                          u"%1; mean %2 a minute, variation between people %3; counter recall %4, false %5 a minute"_s
                              .arg(weighed.context.words, text(weighed.context.population.meanPerMinute),
                                   text(weighed.context.population.variation, 2), text(weighed.counter.recall, 2),
                                   text(weighed.counter.falsePerMinute, 2)), {}, {}};
    finding.strength = std::clamp(1.0 - e.pLow, 0.0, 1.0);
    switch (e.verdict) {
    case BlinkRateVerdict::Low:
        finding.verdict = Verdict::Suspicious;
        finding.summary = u"Unusually few blinks: %1 %2"_s.arg(counted, reference);
        break;
    case BlinkRateVerdict::High:
    case BlinkRateVerdict::Unremarkable:
        finding.verdict = Verdict::Consistent;
        finding.summary = u"%1 %2 A normal rate is no evidence that a clip is genuine."_s.arg(counted, reference);
        if (e.verdict == BlinkRateVerdict::High)
            finding.summary += u" The rate is unusually high, which is not a sign of manipulation."_s;
        break;
    case BlinkRateVerdict::Inconclusive:
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"%1 Not decided: %2."_s.arg(counted, e.reasons.join(u"; "_s));
        break;
    }
    if (e.pLow <= 0.05)
        finding.supports << u"So few blinks are %1 times as likely under suppressed blinking (2 a minute) as in %2."_s
                                .arg(text(std::pow(10.0, e.log10Ratio), 1), weighed.context.words);
    if (e.longestGapSeconds && e.pGap && *e.pGap <= 0.05) {
        finding.supports << u"The longest time without a blink is %1 s; at this person's rate %2 of people would show one as long."_s
                                .arg(text(*e.longestGapSeconds), percent(*e.pGap));
    }
    if (e.blinks > 0)
        finding.against << u"%1 blinks were found."_s.arg(e.blinks);
    finding.against << u"Habit, dry or tired eyes, contact lenses, illness, medication and editing to open eyes change the rate."_s;
    finding.limits << u"The situation of the person is taken as: %1. Another choice changes the result."_s.arg(weighed.context.words)
                   << u"Blinks are counted in the openness of the eyes, which misses shallow blinks and can take a look down for one."_s
                   << u"Present-day generators blink; only a low rate carries weight."_s;
    return finding;
}

} // namespace fw
