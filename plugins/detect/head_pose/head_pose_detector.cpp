// SPDX-License-Identifier: GPL-3.0-or-later
#include "head_pose_detector.h"

#include "base/json.h"
#include "base/numbers.h"
#include "faces/alignment.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kFramesForLens = 60; ///< enough for a median under another focal length
const QString kHeadModel = u"ict-head"_s, kEnrolment = u"enrolment"_s, kClassifier = u"head-pose-svm"_s,
              kLandmarks = u"landmarks"_s;

QString text(double value, int digits = 1)
{
    return QString::number(value, 'f', digits);
}

template <class T, class Load> Result<void> take(const JobContext &job, const QString &id, std::optional<T> &to, Load load)
{
    const auto path = job.modelPaths.find(id);
    if (path == job.modelPaths.end())
        return {};
    auto loaded = load(path->second);
    if (!loaded)
        return Failure{loaded.error()};
    to = std::move(*loaded);
    return {};
}

} // namespace

Result<void> HeadPoseDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_job = job;
    m_camera = Camera::assumed(clip.width, clip.height);
    m_camera.focal *= m_job.number(u"focalFactor"_s);
    if (const auto taken = take(job, kHeadModel, m_shapes, FaceShapes::load); !taken)
        return taken;
    if (const auto taken = take(job, kClassifier, m_classifier, PoseClassifier::load); !taken)
        return taken;
    if (const auto path = job.modelPaths.find(kLandmarks); path != job.modelPaths.end()) {
        auto network = InnerLandmarks::load(path->second, job.modelHashes.at(kLandmarks));
        if (!network)
            return Failure{network.error()};
        m_inner = std::move(*network);
    }
    return take(job, kEnrolment, m_enrolled, [](const QString &path) -> Result<HeadFile> {
        const auto object = readJsonObject(path);
        if (!object)
            return Failure{object.error()};
        return headFileFromJson(*object, path);
    });
}

Result<void> HeadPoseDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    for (const FaceObservation &face : *bundle.observed.faces) {
        if (!face.landmarks)
            continue;
        PoseSample sample{bundle.index, bundle.seconds, *face.landmarks, 0.0, {}, false, {}};
        if (m_inner && bundle.frame && bundle.index % kInnerEvery == 0
            && eyeCornerDistance(sample.points) >= kPoseLimits.leastEyeCorners) {
            if (auto placed = m_inner->place(bundle.frame->bgr, sample.points))
                sample.inner = *placed;
        }
        m_tracks[face.track].push_back(std::move(sample));
    }
    return {};
}

Result<AnalysisResult> HeadPoseDetector::finish(const Ledger &)
{
    AnalysisResult result;
    for (auto &[id, samples] : m_tracks) {
        if (samples.size() < kPoseLimits.fewestFrames)
            continue;
        JudgedTrack track = judge(id, std::move(samples));
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        measureTrack(track, m_camera, alarm(track.source), m_job, result.measured);
        result.findings.push_back(findingOf(track));
    }
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face was followed for %1 frames or more"_s.arg(kPoseLimits.fewestFrames));
    return result;
}

double HeadPoseDetector::alarm(HeadSource source) const
{
    const double chosen = m_job.number(u"alarmDegrees"_s);
    return chosen > 0.0 ? chosen : genuineLines(source).alarm;
}

/// Leaves the poses found with the mean head when no other can be had, and says why.
void HeadPoseDetector::chooseHead(JudgedTrack &track) const
{
    track.head = neutralHead();
    findPoses(track.samples, m_camera, track.head, m_job.stop);
    if (m_enrolled) {
        track.source = HeadSource::Enrolment;
        track.head = m_enrolled->head.points;
        track.sourceNote = u"enrolled: %1, %2 views of %3 clips"_s.arg(m_enrolled->name).arg(m_enrolled->head.views)
                               .arg(m_enrolled->sources.size());
    } else if (m_job.choice(u"head"_s) == headSourceName(HeadSource::Track) && m_shapes) {
        const auto own = headOfTrack(*m_shapes, m_camera, track.samples);
        if (!own)
            return;
        track.source = HeadSource::Track;
        track.head = own->points;
        track.sourceNote = u"fitted to %1 frames, leaves %2 px"_s.arg(own->views).arg(text(own->rmsPixels, 2));
    } else {
        return;
    }
    findPoses(track.samples, m_camera, track.head, m_job.stop);
}

/// The median angle if the focal length were so many times the assumed one.
std::optional<double> HeadPoseDetector::medianWith(const JudgedTrack &track, double factor) const
{
    Camera camera = m_camera;
    camera.focal *= factor;
    std::vector<PoseSample> some;
    const std::size_t step = std::max<std::size_t>(1, track.summary.usable / kFramesForLens);
    std::size_t seen = 0;
    for (const PoseSample &s : track.samples) {
        if (s.usable && seen++ % step == 0)
            some.push_back(s);
    }
    HeadModel head = track.head;
    findPoses(some, camera, head, m_job.stop);
    if (track.source == HeadSource::Track) { // the head would have been fitted with that lens as well
        if (const auto own = headOfTrack(*m_shapes, camera, some))
            findPoses(some, camera, own->points, m_job.stop);
    }
    const PoseSummary summary = summarize(some);
    return summary.usable < kPoseLimits.fewestFrames ? std::nullopt : std::optional(summary.median);
}

JudgedTrack HeadPoseDetector::judge(TrackId id, std::vector<PoseSample> samples) const
{
    JudgedTrack track;
    track.id = id;
    track.samples = std::move(samples);
    chooseHead(track);
    track.summary = summarize(track.samples);
    const double line = alarm(track.source) / kDegrees;
    for (const PoseSample &s : track.samples)
        track.shareAbove += s.usable && s.poses->angleRadians > line ? 1.0 / double(track.summary.usable) : 0.0;
    if (track.enough()) {
        track.shortLens = medianWith(track, 0.5);
        track.longLens = medianWith(track, 2.0);
    }
    for (const PoseSample &s : track.samples) {
        if (const auto angle = innerAngle(s, m_camera)) {
            track.innerAngles.push_back(*angle);
            track.innerFrames.push_back(s.frame);
        }
    }
    if (track.innerAngles.size() >= kFewestInner)
        track.innerMedian = median(track.innerAngles);
    if (m_classifier) {
        // The classifier knows poses found with the mean head only.
        std::vector<PoseSample> generic = track.samples;
        findPoses(generic, m_camera, neutralHead(), m_job.stop);
        for (const PoseSample &s : generic)
            track.probabilities.push_back(s.usable ? m_classifier->probability(*s.poses) : kMissing);
    }
    return track;
}

Finding HeadPoseDetector::findingOf(const JudgedTrack &track) const
{
    const PoseSummary &sum = track.summary;
    const double line = alarm(track.source);
    const double medianDegrees = sum.median * kDegrees;
    Finding finding;
    finding.id = u"head_pose.face-%1"_s.arg(number(track.id));
    finding.title = u"Head pose, face %1"_s.arg(number(track.id) + 1);
    finding.track = track.id;
    finding.range = FrameRange{track.samples.front().frame, track.samples.back().frame + 1};
    finding.keyFrame = sum.usable > 0 ? sum.typical : track.samples.front().frame;
    finding.limits << u"Landmarks learned on whole faces hide much of a wrong pose; a small angle is no evidence that a clip is genuine."_s;
    const QString counted = u"%1 of %2 frames can be used"_s.arg(sum.usable).arg(track.samples.size());
    if (!track.enough()) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"Not decided: only %1; the face must be turned less than %2° to the side, its outer eye corners at least "
                          "%3 px apart (here %4 px), and the head must fit."_s.arg(counted).arg(kPoseLimits.mostYawDegrees)
                              .arg(kPoseLimits.leastEyeCorners).arg(text(sum.eyeCorners, 0));
        return finding;
    }
    finding.score = Score{medianDegrees, ScoreScale::Raw, u"median angle between the two poses"_s, u"°"_s,
                          u"alarm line %1° for %2%3"_s.arg(text(line), headSourceTitle(track.source),
                              genuineLines(track.source).basis.isEmpty() ? QString() : u": "_s + genuineLines(track.source).basis), {}, {}};
    finding.strength = std::clamp(std::max(medianDegrees / (2.0 * line), track.innerMedian.value_or(0.0) * kDegrees / (2.0 * genuineInnerLines().alarm)), 0.0, 1.0);
    const QString numbers = u"Median angle %1° with %2 (95 % of the frames below %3°; %4)."_s
        .arg(text(medianDegrees), headSourceTitle(track.source), text(sum.p95 * kDegrees), counted);
    const double innerLine = genuineInnerLines().alarm;
    const bool innerAbove = track.innerMedian && *track.innerMedian * kDegrees > innerLine;
    const bool above = medianDegrees > line;
    const bool noisy = track.noiseMedian && *track.noiseMedian > 0.5 * sum.median;
    finding.verdict = innerAbove || (above && !noisy) ? Verdict::Suspicious : above ? Verdict::Inconclusive : Verdict::Consistent;
    if (innerAbove)
        finding.summary = u"Seen alone, the inner face points %1° away from the whole face (alarm line %2°). "_s
            .arg(text(*track.innerMedian * kDegrees), text(innerLine)) + numbers;
    else if (above && noisy)
        finding.summary = u"%1 Not decided: landmark noise alone would give %2°."_s.arg(numbers, text(*track.noiseMedian * kDegrees));
    else if (above)
        finding.summary = u"The centre of the face points elsewhere than the whole face. "_s + numbers;
    else
        finding.summary = numbers + u" A small angle is no evidence that a clip is genuine."_s;
    if (above)
        finding.supports << u"%1 % of the frames are above the alarm line of %2°."_s.arg(text(100.0 * track.shareAbove, 0), text(line));
    if (innerAbove) {
        finding.score = Score{*track.innerMedian * kDegrees, ScoreScale::Raw, u"median angle of the inner face seen alone"_s, u"°"_s,
                              u"alarm line %1°: %2"_s.arg(text(innerLine), genuineInnerLines().basis), {}, {}};
        finding.supports << u"A landmark network that sees the inner face alone places it %1° away (median of %2 frames)."_s
            .arg(text(*track.innerMedian * kDegrees)).arg(track.innerAngles.size());
    } else if (track.innerMedian)
        finding.against << u"Seen alone, the inner face points %1° away from the whole face, as in authentic clips (below %2°)."_s
            .arg(text(*track.innerMedian * kDegrees), text(innerLine));
    if (track.shortLens && track.longLens)
        finding.against << u"The lens is assumed: half its focal length gives a median of %1°, twice gives %2°."_s
            .arg(text(*track.shortLens * kDegrees), text(*track.longLens * kDegrees));
    if (track.noiseMedian)
        finding.against << u"Landmark noise of %1 px would give a median angle of %2° by itself."_s
            .arg(text(*sum.noisePixels, 2), text(*track.noiseMedian * kDegrees));
    std::vector<double> chances;
    std::copy_if(track.probabilities.begin(), track.probabilities.end(), std::back_inserter(chances), [](double p) { return std::isfinite(p); });
    if (m_classifier && !chances.empty()) {
        double mean = 0.0;
        for (const double p : chances)
            mean += p / double(chances.size());
        finding.limits << u"Classifier of the paper: mean P(spliced) %1. It learned simulated splices (test area under the ROC %2 there) and "
                          "does not tell real swaps from their originals; it decides nothing here."_s.arg(text(mean, 2), text(m_classifier->testArea, 2));
    }
    if (sum.turns && track.noiseTurnRms)
        finding.against << u"%1 % of the difference follow the pose of the head, as a wrong shape makes it; %2° are left from frame to frame, where noise gives %3°."_s
            .arg(text(100.0 * sum.turns->explained, 0), text(sum.turns->rmsRadians * kDegrees), text(*track.noiseTurnRms * kDegrees));
    finding.against << (track.source == HeadSource::Generic
        ? u"Very long, wide or asymmetric faces, beards, an open mouth, wide-angle lenses and beauty filters raise the angle."_s
        : u"Beards, an open mouth, wide-angle lenses and beauty filters raise the angle."_s);
    if (!track.sourceNote.isEmpty())
        finding.limits << u"Head: "_s + track.sourceNote + u'.';
    return finding;
}

} // namespace fw
