// SPDX-License-Identifier: GPL-3.0-or-later
#include "blink_report.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kEnough = 0.9; ///< share of the frames with an aspect ratio

QString text(double value, int digits = 1)
{
    return QString::number(value, 'f', digits);
}

QString percent(double p)
{
    return p < 0.001 ? u"less than 0.1 %"_s : u"%1 %"_s.arg(text(100.0 * p, p < 0.1 ? 1 : 0));
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
    trace.about = u"How far the lid is closed: 0 is an open eye, 1 is no opening at all. Left and right as in the picture."_s;
    trace.track = track;
    trace.group = u"Lid closure, face %1"_s.arg(number(track) + 1);
    trace.thresholds = {{0.35, u"counted from here"_s}};
    for (const EyeSample &s : samples)
        trace.frames.push_back(s.frame);
    trace.values = values;
    return trace;
}

double measured(const std::vector<EyeSample> &samples)
{
    return double(std::count_if(samples.begin(), samples.end(),
                                [](const EyeSample &s) { return s.left || s.right; }));
}

/// Short, for rows and charts; sourceWords says it in sentences.
QString sourceName(LidSource source)
{
    switch (source) {
    case LidSource::Network: return u"network"_s;
    case LidSource::Openness: return u"openness"_s;
    case LidSource::AspectRatio: return u"aspect ratio"_s;
    }
    return {};
}

QString sourceWords(LidSource source)
{
    switch (source) {
    case LidSource::Network: return u"the network that follows the lids over time"_s;
    case LidSource::Openness: return u"the openness of the eyes"_s;
    case LidSource::AspectRatio: return u"the eye aspect ratio"_s;
    }
    return {};
}

} // namespace

LidSource sourceOf(const EyeTrack &track)
{
    const double enough = kEnough * measured(track.aspects);
    return measured(track.opennesses) > 0 && measured(track.opennesses) >= enough ? LidSource::Openness
                                                                                 : LidSource::AspectRatio;
}

const std::vector<EyeSample> &samplesBy(const EyeTrack &track, LidSource source)
{
    switch (source) {
    case LidSource::Network: return track.closures;
    case LidSource::Openness: return track.opennesses;
    case LidSource::AspectRatio: break;
    }
    return track.aspects;
}

ClosureTrace closureBy(const EyeTrack &track, LidSource source)
{
    return source == LidSource::Network ? asRead(track.closures) : closureOf(samplesBy(track, source));
}

BlinkFootage footageOf(const std::vector<EyeSample> &samples, const EyeTrack &track,
                       const std::vector<LidEvent> &events, const Ledger &ledger,
                       std::vector<std::pair<double, double>> *stretches)
{
    BlinkFootage footage;
    // Usable time: both neighbours measured, no gap between them, eyes not shut for long.
    std::vector<double> steps;
    int measured = 0, repeated = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const EyeSample &s = samples[i];
        const bool usable = s.left || s.right;
        measured += usable ? 1 : 0;
        if (i == 0)
            continue;
        const EyeSample &before = samples[i - 1];
        const double step = s.seconds - before.seconds;
        steps.push_back(step);
        if (s.frame > 0 && s.frame < ledger.count()
            && ledger.entries[std::size_t(s.frame)].planes == ledger.entries[std::size_t(s.frame - 1)].planes)
            ++repeated;
        const bool shut = std::any_of(events.begin(), events.end(), [&](const LidEvent &e) {
            return e.kind == LidEventKind::Shut && s.seconds > e.beginSeconds && s.seconds <= e.endSeconds;
        });
        if (!usable || !(before.left || before.right) || step > 0.25 || shut)
            continue;
        footage.usableSeconds += step;
        if (!stretches->empty() && stretches->back().second == before.seconds)
            stretches->back().second = s.seconds;
        else
            stretches->push_back({before.seconds, s.seconds});
    }
    for (const auto &[begin, end] : *stretches)
        footage.longestStretchSeconds = std::max(footage.longestStretchSeconds, end - begin);
    const double count = double(samples.size());
    footage.usableShare = measured / count;
    footage.turnedAwayShare = track.turnedAway / count;
    footage.repeatedShare = repeated / count;
    footage.framesPerSecond = 1.0 / std::max(median(steps).value_or(1.0), 1e-6);
    footage.medianEyeWidthPixels = median(track.eyeWidths).value_or(0.0);
    return footage;
}

void describeLids(TrackId id, const EyeTrack &track, const std::vector<LidEvent> &events, LidSource source,
                  Measurements &out)
{
    const QString face = QString::number(number(id));
    const std::vector<EyeSample> &samples = samplesBy(track, source);
    const auto addTraces = [&](const QString &name, const QString &title, const std::vector<EyeSample> &by,
                               const ClosureTrace &closure) {
        out.traces.push_back(closureTrace(u"%1.left.%2"_s.arg(name, face), u"Left %1"_s.arg(title), id, by, closure.left));
        out.traces.push_back(closureTrace(u"%1.right.%2"_s.arg(name, face), u"Right %1"_s.arg(title), id, by, closure.right));
    };
    const auto addMeasure = [&](const QString &name, LidSource by) {
        addTraces(name, u"lid closure, %1"_s.arg(sourceName(by)), samplesBy(track, by), closureBy(track, by));
    };
    addMeasure(u"closure"_s, source);
    if (source != LidSource::AspectRatio)
        addMeasure(u"closure-ear"_s, LidSource::AspectRatio);
    if (!track.closures.empty()) {
        // Beside the measure that is counted in: a second opinion, in a chart of its own.
        const std::size_t first = out.traces.size();
        if (source == LidSource::Network && measured(track.opennesses) > 0)
            addMeasure(u"closure-openness"_s, LidSource::Openness);
        else if (source != LidSource::Network)
            addMeasure(u"closure-network"_s, LidSource::Network);
        addTraces(u"closed"_s, u"eye shut, probability"_s, track.closed, asRead(track.closed));
        for (std::size_t i = first; i < out.traces.size(); ++i) {
            Trace &trace = out.traces[i];
            trace.group = u"%1, face %2"_s.arg(source == LidSource::Network ? u"Second look at the lids"_s : u"Lids followed by a network"_s)
                              .arg(number(id) + 1);
            if (trace.id.startsWith(u"closed."_s)) {
                trace.about = u"What the network over time says of this frame and the frames before it: 0 open, 1 shut. Not counted in by itself."_s;
                trace.thresholds = {};
            }
        }
    }
    Table table{u"blinks."_s + face, u"Lid events, face %1"_s.arg(number(id) + 1),
                u"Each closure of the lids that was found in the measure named above. Looks down and eyes shut are not counted as blinks."_s,
                {{u"Frame"_s, {}, true}, {u"Kind"_s, {}, false}, {u"Start"_s, u"s"_s, false}, {u"Apex"_s, u"s"_s, false},
                 {u"End"_s, u"s"_s, false}, {u"Half-depth duration"_s, u"ms"_s, false}, {u"Least opening"_s, u"1"_s, false},
                 {u"Right after left"_s, u"ms"_s, false}}, {}};
    int count = 0;
    for (const LidEvent &e : events) {
        Event event;
        event.id = u"lid.%1.%2"_s.arg(face).arg(count++);
        event.kind = kindWord(e.kind);
        event.label = kindLabel(e);
        event.range = {samples[e.begin].frame, samples[e.end - 1].frame + 1};
        event.apex = samples[e.apex].frame;
        event.track = id;
        event.strength = std::clamp(1.0 - e.minAperture, 0.0, 1.0);
        out.events.push_back(event);
        table.rows.push_back({qint64(*event.apex), event.label, e.beginSeconds, e.apexSeconds, e.endSeconds,
                              std::round(1000.0 * e.halfDepthSeconds), e.minAperture,
                              e.lagSeconds ? QJsonValue(std::round(1000.0 * *e.lagSeconds)) : QJsonValue()});
    }
    out.tables.push_back(std::move(table));
}

Finding blinkFinding(TrackId id, const EyeTrack &track, const std::vector<LidEvent> &events, LidSource source,
                     const BlinkBasis &basis)
{
    const BlinkEvidence e = weighBlinks(events, basis);
    const std::vector<EyeSample> &samples = samplesBy(track, source);
    Finding finding;
    finding.id = u"blink.face-%1"_s.arg(number(id));
    finding.title = u"Blink rate, face %1"_s.arg(number(id) + 1);
    finding.track = id;
    finding.range = FrameRange{samples.front().frame, samples.back().frame + 1};
    finding.keyFrame = events.empty() ? samples[samples.size() / 2].frame
                                              : samples[events.front().apex].frame;
    const QString counted = u"%1 blinks (%2 complete, %3 partial) in %4 s of usable eyes, %5 a minute."_s.arg(e.blinks)
                                .arg(e.complete).arg(e.partial).arg(text(basis.footage.usableSeconds), text(e.perMinute));
    const double few = e.pReference.value_or(e.pLow);
    const QString reference = e.pReference
        ? u"Beside %1 blinks in %2 s of this person's own genuine footage, the chance of so few is %3."_s
              .arg(basis.reference.blinks).arg(text(basis.reference.seconds), percent(few))
        : u"Of %1, %2 would show so few."_s.arg(basis.context.words, percent(few));
    finding.score = Score{few, ScoreScale::PValue, u"chance of so few blinks"_s, {},
                          e.pReference ? u"the person's own genuine footage; exact conditional binomial test"_s : u"%1; mean %2 a minute, variation between people %3; counter recall %4, false %5 a minute"_s
                              .arg(basis.context.words, text(basis.context.population.meanPerMinute),
                                   text(basis.context.population.variation, 2), text(basis.counter.recall, 2),
                                   text(basis.counter.falsePerMinute, 2)), {}, {}};
    finding.strength = std::clamp(1.0 - few, 0.0, 1.0);
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
    if (!e.pReference && e.pLow <= 0.05)
        finding.supports << u"So few blinks are %1 times as likely under suppressed blinking (2 a minute) as in %2."_s
                                .arg(text(std::pow(10.0, e.log10Ratio), 1), basis.context.words);
    if (e.longestGapSeconds && e.pGap && *e.pGap <= 0.05) {
        finding.supports << u"The longest time without a blink is %1 s, from %2 s on; at this person's rate %3 of people would show one as long."_s
                                .arg(text(*e.longestGapSeconds), text(e.longestGapFrom), percent(*e.pGap));
    }
    for (const QString &odd : lidOddities(events, basis.footage.framesPerSecond))
        finding.supports << u"Odd movement (a description, without a chance of its own): %1."_s.arg(odd);
    if (e.blinks > 0)
        finding.against << u"%1 blinks were found."_s.arg(e.blinks);
    finding.against << u"Habit, dry or tired eyes, contact lenses, illness, medication and editing to open eyes change the rate."_s;
    finding.limits << u"The situation of the person is taken as: %1. Another choice changes the result."_s.arg(basis.context.words)
                   << u"Blinks are counted in %1, which misses some and can take a look down for one; the rates of both are in the score's reference."_s.arg(sourceWords(source))
                   << u"Present-day generators blink; only a low rate carries weight."_s;
    return finding;
}

} // namespace fw
