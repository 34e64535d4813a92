// SPDX-License-Identifier: GPL-3.0-or-later
#include "person_report.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kRows = 20; ///< of the table

QString text(double value, int digits)
{
    return QString::number(value, 'f', digits);
}

/// The frame that is shown at a time.
FrameIndex frameAt(const std::vector<BehaviourSample> &samples, double seconds)
{
    const auto it = std::ranges::lower_bound(samples, seconds - 1e-6, {}, &BehaviourSample::seconds);
    return it == samples.end() ? samples.back().frame : it->frame;
}

FrameRange rangeOf(const ComparedFace &face, std::size_t window)
{
    const double begin = face.clip.windows[window].beginSeconds;
    const FrameIndex first = frameAt(face.samples, begin);
    return {first, std::max(first, frameAt(face.samples, begin + kBehaviourWindowSeconds)) + 1};
}

FrameIndex middleOf(const ComparedFace &face, std::size_t window)
{
    return frameAt(face.samples, face.clip.windows[window].beginSeconds + 0.5 * kBehaviourWindowSeconds);
}

QString numberOf(const ComparedFace &face)
{
    return QString::number(number(face.track));
}

Trace scoreTrace(const ComparedFace &face)
{
    const PersonTest &test = face.test;
    Trace trace;
    trace.id = u"person.score."_s + numberOf(face);
    trace.title = u"Like %1, face %2"_s.arg(face.profile.name).arg(number(face.track) + 1);
    trace.unit = u"1"_s;
    trace.about = u"How usual the ten seconds around this frame are for the enrolled person; the band holds 90 % of the person's own windows, each judged without its clip."_s;
    trace.track = face.track;
    for (std::size_t w = 0; w < test.scores.size(); ++w) {
        const FrameIndex frame = middleOf(face, w);
        if (!trace.frames.empty() && frame <= trace.frames.back())
            continue;
        if (!trace.frames.empty() && face.clip.windows[w].beginSeconds - face.clip.windows[w - 1].beginSeconds > 2.0 * kBehaviourStrideSeconds
            && frame > trace.frames.back() + 1) { // a stretch that could not be measured, not a line across
            trace.frames.push_back(trace.frames.back() + 1);
            trace.values.push_back(std::nan(""));
        }
        trace.frames.push_back(frame);
        trace.values.push_back(test.scores[w]);
    }
    if (test.high > test.low) {
        trace.lower.assign(trace.frames.size(), test.low);
        trace.upper.assign(trace.frames.size(), test.high);
        trace.thresholds = {{test.middle, u"half of the person's own windows"_s}};
    }
    return trace;
}

Table pairTable(const ComparedFace &face)
{
    Table table{u"person.pairs."_s + numberOf(face), u"Movements that go together differently, face %1"_s.arg(number(face.track) + 1),
                u"The pairs whose correlation differs most from the enrolled person's. The frame is where the pair differs most."_s,
                {{u"Frame"_s, {}, true}, {u"Pair"_s, {}, false}, {u"In words"_s, {}, false}, {u"Person, mean r"_s, u"1"_s, false},
                 {u"sd of windows"_s, u"1"_s, false}, {u"This clip, mean r"_s, u"1"_s, false}, {u"z"_s, u"sd"_s, false}}, {}};
    const auto rounded = [](double v) { return std::round(1000.0 * v) / 1000.0; };
    for (const PairDeviation &d : face.test.pairs) {
        if (table.rows.size() == kRows)
            break;
        table.rows.push_back({qint64(middleOf(face, d.window)), behaviourPairName(d.pair), behaviourPairWords(d.pair),
                              rounded(d.reference), rounded(d.spread), rounded(d.clip), rounded(d.z)});
    }
    return table;
}

QString comparison(const ComparedFace &face)
{
    const PersonTest &test = face.test;
    QString words = u"%1 windows of ten seconds (%2 of them independent) were compared with %3 minutes of %4 in %5 recordings."_s
                        .arg(test.scores.size()).arg(face.clip.independent).arg(text(face.profile.usableSeconds() / 60.0, 1), face.profile.name)
                        .arg(face.profile.recordings.size());
    if (test.p)
        words += u" Of %1 enrolled clips of %2 s, %3 % score no higher (p = %4)."_s.arg(test.enrolledClips).arg(text(test.clipSeconds, 0))
                     .arg(text(100.0 * (*test.p * (test.enrolledClips + 1) - 1.0) / std::max(test.enrolledClips, 1), 0), text(*test.p, 3));
    return words;
}

void argue(const ComparedFace &face, Finding *finding)
{
    const PersonTest &test = face.test;
    if (test.p && *test.p <= kPersonAlarm)
        finding->supports << u"So unusual a pattern is seen in %1 % of this person's own clips."_s.arg(text(100.0 * *test.p, 0));
    if (test.ratio && test.reasons.isEmpty() && *test.ratio < 0.0)
        finding->supports << u"The movements are %1 times as likely with other people as with this person (median of windows)."_s.arg(text(std::pow(10.0, std::min(-*test.ratio, 6.0)), 1));
    if (!test.pairs.empty() && std::abs(test.pairs.front().z) > 2.0)
        finding->supports << u"Most different: %1 (r %2 here, %3 with the person)."_s.arg(behaviourPairWords(test.pairs.front().pair), text(test.pairs.front().clip, 2), text(test.pairs.front().reference, 2));
    if (test.p && *test.p > kPersonAlarm)
        finding->against << u"The pattern lies inside the range of this person's own clips."_s;
    if (test.ratio && test.reasons.isEmpty() && *test.ratio >= 0.0)
        finding->against << u"It is closer to this person than to the %1 other people in the enrolment."_s.arg(face.profile.cohort.members.size());
    finding->against << u"Another situation (reading, an interview, a rally), another language, illness, glasses or years between the recordings change habits too."_s;
    finding->limits << u"A skilled impersonator, or an animation driven by this person's own video, carries the same habits: inside the range does not mean authentic."_s
                    << u"Edits of the mouth alone leave most pairs as they were."_s
                    << u"The examiner states that the enrolled clips are authentic and show this person: %1"_s.arg(face.profile.provenance.isEmpty() ? u"(nothing stated)"_s : face.profile.provenance)
                    << u"In the self-test this person was told from others with an AUC of %1 (%2 clips against %3)."_s
                           .arg(text(face.profile.selfTest.ratioArea, 2)).arg(face.profile.selfTest.clips).arg(face.profile.selfTest.cohortClips);
}

Finding findingOf(const ComparedFace &face)
{
    const PersonTest &test = face.test;
    Finding finding;
    finding.id = u"person.face-"_s + numberOf(face);
    finding.title = u"Behaviour of %1, face %2"_s.arg(face.profile.name).arg(number(face.track) + 1);
    finding.track = face.track;
    finding.range = FrameRange{face.samples.front().frame, face.samples.back().frame + 1};
    const auto least = std::ranges::min_element(test.scores);
    finding.keyFrame = middleOf(face, std::size_t(least - test.scores.begin()));
    finding.verdict = claimOf(test.verdict);
    switch (test.verdict) {
    case PersonVerdict::Outside:
        finding.summary = u"The movements of this face do not go together as %1's do. %2 Not decided: %3."_s.arg(face.profile.name, comparison(face), unvalidatedReason());
        break;
    case PersonVerdict::Inside:
        finding.summary = u"The movements of this face go together as %1's do. %2"_s.arg(face.profile.name, comparison(face));
        break;
    case PersonVerdict::Inconclusive:
        finding.summary = u"%1 Not decided: %2."_s.arg(comparison(face), test.reasons.join(u"; "_s));
        break;
    }
    if (test.p) {
        finding.score = Score{*test.p, ScoreScale::PValue, u"rank among the person's own clips"_s, {},
                              u"%1 clips of %2 s of %3, each judged by a model without its recording"_s.arg(test.enrolledClips)
                                  .arg(text(test.clipSeconds, 0), face.profile.name), {}, {}};
        finding.strength = std::clamp(1.0 - *test.p, 0.0, 1.0);
    }
    argue(face, &finding);
    return finding;
}

} // namespace

void addPersonResult(const ComparedFace &face, AnalysisResult *result)
{
    result->findings.push_back(findingOf(face));
    result->measured.traces.push_back(scoreTrace(face));
    result->measured.tables.push_back(pairTable(face));
    // Every window would be much; those that share no frame tell the same.
    double last = -1e9;
    for (std::size_t w = 0; w < face.clip.windows.size(); ++w) {
        if (face.clip.windows[w].beginSeconds < last + kBehaviourWindowSeconds - 1e-6)
            continue;
        last = face.clip.windows[w].beginSeconds;
        Embedding point;
        point.id = u"person.window.%1.%2"_s.arg(numberOf(face)).arg(w);
        point.title = u"Ten seconds from %1 s, face %2"_s.arg(text(last, 1)).arg(number(face.track) + 1);
        point.track = face.track;
        point.range = rangeOf(face, w);
        for (const double v : face.profile.model->along(fisherZ(face.clip.windows[w])))
            point.values.push_back(float(v));
        if (!point.values.empty())
            result->measured.embeddings.push_back(std::move(point));
    }
}

} // namespace fw
