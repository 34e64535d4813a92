// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_detector.h"

#include "base/json.h"
#include "coherence_tables.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kFewestSeconds = 2.0; ///< shorter tracks get no finding of their own

double bitsPerPixel(const ClipFacts &clip)
{
    const StreamFacts *video = clip.media.video();
    const double rate = video && video->bitRate > 0 ? double(video->bitRate) : double(clip.media.bitRate);
    const double pixels = double(clip.width) * clip.height * clip.nominalRate;
    return pixels > 0.0 ? rate / pixels : 0.0;
}

double repeatedShare(const CoherenceTrack &track, const Ledger &ledger)
{
    std::size_t repeated = 0;
    for (const BehaviourRow &row : track.rows) {
        if (row.frame > 0 && row.frame < ledger.count())
            repeated += ledger.entries[std::size_t(row.frame)].planes == ledger.entries[std::size_t(row.frame - 1)].planes ? 1 : 0;
    }
    return double(repeated) / double(std::max<std::size_t>(1, track.rows.size()));
}

Verdict verdictOf(CoherenceWord word)
{
    switch (word) {
    case CoherenceWord::Contradiction: return Verdict::Suspicious;
    case CoherenceWord::None: return Verdict::Consistent;
    case CoherenceWord::Unusual:
    case CoherenceWord::Inconclusive: return Verdict::Inconclusive;
    }
    return Verdict::Inconclusive;
}

} // namespace

CoherenceTrack coherenceTrack(const std::vector<BehaviourRow> &rows)
{
    CoherenceTrack track;
    std::vector<double> steps;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i > 0) {
            const std::int64_t gap = rows[i].frame - rows[i - 1].frame;
            const double step = (rows[i].seconds - rows[i - 1].seconds) / double(std::max<std::int64_t>(1, gap));
            steps.push_back(step);
            for (std::int64_t k = 1; k < gap; ++k)
                track.rows.push_back(missingBehaviourRow(rows[i - 1].frame + k, rows[i - 1].seconds + step * double(k)));
        }
        track.rows.push_back(rows[i]);
    }
    double sum = 0.0;
    for (const double s : steps)
        sum += s;
    // The mean, because the median of a clip whose time stamps are rounded is off.
    track.rate = sum > 0.0 ? double(steps.size()) / sum : 25.0;
    return track;
}

Result<void> CoherenceDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_job = job;
    m_camera = Camera::assumed(clip.width, clip.height);
    m_rate = clip.nominalRate;
    m_bitsPerPixel = bitsPerPixel(clip);
    const auto file = job.modelPaths.find(u"reference"_s);
    if (file == job.modelPaths.end())
        return fail(Errc::NotFound, u"the reference of genuine clips was not given"_s);
    const QString &path = file->second;
    const auto object = readJsonObject(path);
    if (!object)
        return Failure{object.error()};
    auto reference = CoherenceReference::fromJson(*object, path);
    if (!reference)
        return Failure{reference.error()};
    m_reference = std::move(*reference);
    return {};
}

Result<void> CoherenceDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    for (const FaceObservation &face : *bundle.observed.faces) {
        if (face.landmarks && face.pose)
            m_tracks[face.track].push_back(behaviourRow(bundle.index, bundle.seconds, face, m_camera));
    }
    return {};
}

Result<AnalysisResult> CoherenceDetector::finish(const Ledger &ledger)
{
    AnalysisResult result;
    for (const auto &[id, rows] : m_tracks) {
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        if (rows.size() < 10 || rows.back().seconds - rows.front().seconds < kFewestSeconds)
            continue;
        const CoherenceTrack track = coherenceTrack(rows);
        const CoherenceResult measured = measureCoherence(
            track, {m_job.flag(u"eyeCondition"_s), m_job.flag(u"mouthCondition"_s), m_job.seed + quint64(number(id)), m_job.stop,
                    m_job.flag(u"exploratory"_s)});
        const CoherenceFootage footage{measured.usableSeconds, repeatedShare(track, ledger),
                                       CoherenceStratum::of(measured.eyeCorners, track.rate, m_bitsPerPixel)};
        const CoherenceVerdict verdict = weighCoherence(measured, m_reference, footage);
        showCoherence(id, track, measured, verdict, m_reference, result.measured);
        result.findings.push_back(findingOf(id, track, measured, verdict, footage));
    }
    if (m_job.stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face could be followed for %1 s or longer"_s.arg(kFewestSeconds));
    return result;
}

Finding CoherenceDetector::findingOf(TrackId id, const CoherenceTrack &track, const CoherenceResult &measured,
                                     const CoherenceVerdict &verdict, const CoherenceFootage &footage) const
{
    Finding finding;
    finding.id = u"coherence.face-%1"_s.arg(number(id));
    finding.title = u"Coherence, face %1"_s.arg(number(id) + 1);
    finding.verdict = verdictOf(verdict.word);
    finding.track = id;
    finding.range = FrameRange{track.rows.front().frame, track.rows.back().frame + 1};
    finding.keyFrame = track.rows[track.rows.size() / 2].frame;

    const WeighedStatistic *least = nullptr;
    QStringList within, measuredOnly;
    for (const WeighedStatistic &w : verdict.weighed) {
        const CoherenceValue &v = measured.values[std::size_t(w.id)];
        const CoherenceSpec &spec = specOf(w.id);
        if (!v.value || spec.grade == CoherenceGrade::Quality || spec.grade == CoherenceGrade::Exploratory)
            continue;
        const QString figure = u"%1 %2"_s.arg(QString::fromUtf8(spec.key), coherenceText(*v.value, spec));
        if (w.adjusted) {
            if (!least || *w.adjusted < *least->adjusted)
                least = &w;
            if (*w.adjusted > kCoherenceAlarm)
                within << figure + (v.tolerance ? u" (up to %1 allowed)"_s.arg(coherenceText(*v.tolerance, spec)) : QString());
        } else {
            measuredOnly << figure + (w.reference ? u" (%1 genuine clips: %2 to %3)"_s.arg(w.reference->clips)
                                                        .arg(coherenceText(w.reference->quantiles[2], spec), coherenceText(w.reference->quantiles[4], spec))
                                                  : QString());
        }
    }
    for (const CoherenceId survivor : verdict.surviving)
        finding.supports << coherenceSentence(measured.values[std::size_t(survivor)]);
    if (!within.isEmpty())
        finding.against << u"Tested, and no more than measurement and people explain: %1."_s.arg(within.join(u"; "_s));
    switch (verdict.word) {
    case CoherenceWord::Contradiction:
        finding.summary = u"Contradiction found. "_s + finding.supports.first();
        break;
    case CoherenceWord::Unusual:
        finding.summary = u"Unusual, but no contradiction. "_s + finding.supports.first();
        break;
    case CoherenceWord::None:
        finding.summary = u"No contradiction found in %1 families of statistics; that is no evidence that a clip is genuine."_s.arg(verdict.familiesTested);
        break;
    case CoherenceWord::Inconclusive:
        finding.summary = (verdict.surviving.empty() ? u"No contradiction found, but not decided: %1."_s
                                                     : u"Not decided: %1."_s).arg(verdict.reasons.join(u"; "_s));
        break;
    }
    if (least) {
        finding.score = Score{*least->adjusted, ScoreScale::PValue, u"smallest corrected chance (%1)"_s.arg(QString::fromUtf8(specOf(least->id).key)), {},
                              u"error of measurement and physiology; an upper bound, corrected by Holm within and across families"_s, {}, {}};
        finding.strength = std::clamp(1.0 - *least->adjusted, 0.0, 1.0);
    }
    if (!measuredOnly.isEmpty())
        finding.limits << u"Measured without a chance, because fewer than %1 genuine clips like this one are known (%2): %3."_s.arg(kReferenceClips)
                              .arg(footage.stratum.words(), measuredOnly.join(u"; "_s));
    finding.against << u"A squint, a drooping or artificial eye, a palsy, dental work, glasses, a beauty filter or noise reduction do the same. Tick known conditions in the options."_s;
    finding.limits << u"Landmarks come from a network that has seen plausible faces: it can hide a contradiction."_s;
    return finding;
}

} // namespace fw
