// SPDX-License-Identifier: GPL-3.0-or-later
#include "head_pose_detector.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kDegrees = 180.0 / std::numbers::pi;
constexpr double kMaxYaw = 30.0, kMaxPitch = 20.0;   // degrees; beyond, half of the face is unseen
constexpr double kMinEyeCorners = 60.0;              // px
constexpr double kMaxRms = 0.06;                     // of the distance between the eye corners
constexpr std::size_t kFewestFrames = 30;
constexpr double kEventSeconds = 0.5;
constexpr int kBandEvery = 15, kBandDraws = 200;     // as the method's page says
constexpr double kArrowMm = 100.0;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

QString text(double value, int digits = 1)
{
    return QString::number(value, 'f', digits);
}

Trace emptyTrace(const QString &id, const QString &title, const QString &about, TrackId track, const QString &group)
{
    Trace trace;
    trace.id = id + u'.' + QString::number(number(track));
    trace.title = title;
    trace.unit = u"°"_s;
    trace.about = about;
    trace.track = track;
    trace.group = group;
    return trace;
}

VectorSeries::Item arrow(FrameIndex frame, TrackId track, const HeadPose &pose, const Camera &camera, const QString &label)
{
    const cv::Point3d nose = neutralHead()[33];
    return {frame, track, projected(pose, camera, nose), projected(pose, camera, nose + cv::Point3d(0, 0, -kArrowMm)), label};
}

} // namespace

struct HeadPoseDetector::Judged
{
    std::size_t usable = 0;
    double median = 0.0, p95 = 0.0;      ///< of the angle over usable frames, degrees
    double shareAbove = 0.0;             ///< of usable frames above the alarm line
    std::optional<double> noisePixels;
    std::optional<double> noiseMedian;   ///< of the angle by noise alone, degrees
    double eyeCorners = 0.0;             ///< median, px
    FrameIndex widest = 0;               ///< usable frame with the median angle, to be shown
};

Result<void> HeadPoseDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_job = job;
    m_camera = Camera::assumed(clip.width, clip.height);
    m_camera.focal *= m_job.number(u"focalFactor"_s);
    return {};
}

Result<void> HeadPoseDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    for (const FaceObservation &face : *bundle.observed.faces) {
        if (!face.landmarks)
            continue;
        Sample sample{bundle.index, bundle.seconds, *face.landmarks, {}, eyeCornerDistance(*face.landmarks), false};
        if (const auto poses = comparePoses(sample.points, m_camera)) {
            sample.poses = *poses;
            const EulerAngles turn = eulerAngles(poses->whole.rotation);
            sample.usable = std::abs(turn.yawRadians) * kDegrees <= kMaxYaw
                && std::abs(turn.pitchRadians) * kDegrees <= kMaxPitch && sample.eyeCorners >= kMinEyeCorners
                && poses->whole.rmsPixels <= kMaxRms * sample.eyeCorners;
        }
        m_tracks[face.track].push_back(std::move(sample));
    }
    return {};
}

Result<AnalysisResult> HeadPoseDetector::finish(const Ledger &)
{
    AnalysisResult result;
    for (const auto &[id, samples] : m_tracks) {
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        if (samples.size() < kFewestFrames)
            continue;
        Judged judged = judge(samples);
        measure(id, samples, judged, result.measured);
        result.findings.push_back(findingOf(id, samples, judged));
    }
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face was followed for %1 frames or more"_s.arg(kFewestFrames));
    return result;
}

HeadPoseDetector::Judged HeadPoseDetector::judge(const std::vector<Sample> &samples) const
{
    Judged judged;
    const double line = m_job.number(u"alarmDegrees"_s);
    std::vector<double> angles, sizes;
    std::vector<Landmarks68> run;
    std::vector<double> noise;
    for (const Sample &s : samples) {
        sizes.push_back(s.eyeCorners);
        if (!s.usable)
            continue;
        angles.push_back(s.poses->angleRadians * kDegrees);
        judged.shareAbove += angles.back() > line ? 1.0 : 0.0;
    }
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (i > 0 && samples[i].frame != samples[i - 1].frame + 1)
            run.clear();
        run.push_back(samples[i].points);
        if (run.size() == 30) {
            if (const auto sigma = landmarkNoise(run))
                noise.push_back(*sigma);
            run.clear();
        }
    }
    judged.usable = angles.size();
    judged.eyeCorners = median(sizes).value_or(0.0);
    judged.noisePixels = median(noise);
    if (angles.empty())
        return judged;
    judged.shareAbove /= double(angles.size());
    judged.median = *median(angles);
    judged.p95 = *quantile(angles, 0.95);
    double nearest = std::numeric_limits<double>::max();
    for (const Sample &s : samples) {
        const double off = s.usable ? std::abs(s.poses->angleRadians * kDegrees - judged.median) : nearest;
        if (off < nearest) {
            nearest = off;
            judged.widest = s.frame;
        }
    }
    return judged;
}

void HeadPoseDetector::measure(TrackId id, const std::vector<Sample> &samples, Judged &judged, Measurements &out) const
{
    const QString face = u"face %1"_s.arg(number(id) + 1);
    Trace angle = emptyTrace(u"angle"_s, u"Angle between whole face and centre, "_s + face,
                             u"How far the direction of the face's centre is from that of the whole face. The band is what "
                             "landmark noise alone would give. Frames outside the method's limits are left out."_s,
                             id, u"Head pose difference, "_s + face);
    angle.thresholds = {{m_job.number(u"alarmDegrees"_s), u"alarm line"_s}};
    const QString parts = u"Head pose, parts of the difference, "_s + face;
    Trace yaw = emptyTrace(u"yaw-difference"_s, u"Yaw of the centre minus yaw of the whole, "_s + face,
                           u"Turn to the side, centre minus whole face."_s, id, parts);
    Trace pitch = emptyTrace(u"pitch-difference"_s, u"Pitch of the centre minus pitch of the whole, "_s + face,
                             u"Turn up or down, centre minus whole face."_s, id, parts);
    VectorSeries whole{u"whole."_s + QString::number(number(id)), u"Direction of the whole face, "_s + face,
                       u"From the nose, 100 mm out of the face."_s, u"#4477ff"_s, {}};
    VectorSeries central{u"central."_s + QString::number(number(id)), u"Direction of the face's centre, "_s + face,
                         u"From the nose, 100 mm out of the face."_s, u"#ff9c1a"_s, {}};
    std::optional<NoiseBand> band;
    std::vector<double> noiseMedians;
    int sinceBand = kBandEvery;
    for (const Sample &s : samples) {
        const bool show = s.usable;
        if (show && judged.noisePixels && ++sinceBand > kBandEvery && !m_job.stop.stop_requested()) {
            sinceBand = 0;
            band = noiseBand(s.poses->whole, m_camera, *judged.noisePixels, kBandDraws, m_job.seed + quint64(s.frame));
            if (band)
                noiseMedians.push_back(band->medianRadians * kDegrees);
        }
        angle.frames.push_back(s.frame);
        angle.values.push_back(show ? s.poses->angleRadians * kDegrees : kMissing);
        angle.lower.push_back(show && band ? 0.0 : kMissing);
        angle.upper.push_back(show && band ? band->p95Radians * kDegrees : kMissing);
        const EulerAngles a = s.poses ? eulerAngles(s.poses->whole.rotation) : EulerAngles{};
        const EulerAngles c = s.poses ? eulerAngles(s.poses->central.rotation) : EulerAngles{};
        yaw.values.push_back(show ? (c.yawRadians - a.yawRadians) * kDegrees : kMissing);
        pitch.values.push_back(show ? (c.pitchRadians - a.pitchRadians) * kDegrees : kMissing);
        if (show) {
            whole.items.push_back(arrow(s.frame, id, s.poses->whole, m_camera, {}));
            central.items.push_back(arrow(s.frame, id, s.poses->central, m_camera, text(s.poses->angleRadians * kDegrees) + u"°"_s));
        }
    }
    yaw.frames = pitch.frames = angle.frames;
    judged.noiseMedian = median(noiseMedians);

    // Spans above the line for half a second or longer; a frame that cannot be used ends a span.
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= samples.size(); ++i) {
        const bool above = i < samples.size() && samples[i].usable
            && samples[i].poses->angleRadians * kDegrees > m_job.number(u"alarmDegrees"_s);
        if (above)
            continue;
        if (i > begin && samples[i - 1].seconds - samples[begin].seconds >= kEventSeconds) {
            Event event;
            event.id = u"difference.%1.%2"_s.arg(number(id)).arg(out.events.size());
            event.kind = u"pose-difference"_s;
            event.label = u"Poses differ, "_s + face;
            event.range = {samples[begin].frame, samples[i - 1].frame + 1};
            event.track = id;
            event.strength = std::min(1.0, judged.median / (2.0 * m_job.number(u"alarmDegrees"_s)));
            out.events.push_back(event);
        }
        begin = i + 1;
    }
    for (Trace *trace : {&angle, &yaw, &pitch})
        out.traces.push_back(std::move(*trace));
    out.vectors.push_back(std::move(whole));
    out.vectors.push_back(std::move(central));
}

Finding HeadPoseDetector::findingOf(TrackId id, const std::vector<Sample> &samples, const Judged &judged) const
{
    const double line = m_job.number(u"alarmDegrees"_s);
    Finding finding;
    finding.id = u"head_pose.face-%1"_s.arg(number(id));
    finding.title = u"Head pose, face %1"_s.arg(number(id) + 1);
    finding.track = id;
    finding.range = FrameRange{samples.front().frame, samples.back().frame + 1};
    finding.keyFrame = judged.usable > 0 ? judged.widest : samples.front().frame;
    finding.limits << u"Landmarks learned on whole faces hide most of a wrong pose: an inner face pasted 36° off measured 4.5°. Compare with other clips of the same person."_s
                   << u"The focal length is assumed, and a mean head stands for this person."_s;
    const QString counted = u"%1 of %2 frames can be used"_s.arg(judged.usable).arg(samples.size());
    if (judged.usable < kFewestFrames || double(judged.usable) < 0.2 * double(samples.size())) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"Not decided: only %1; the face must be turned less than %2° to the side, its outer eye corners at least "
                          "%3 px apart (here %4 px), and the head must fit."_s.arg(counted).arg(kMaxYaw).arg(kMinEyeCorners)
                              .arg(text(judged.eyeCorners, 0));
        return finding;
    }
    finding.score = Score{judged.median, ScoreScale::Raw, u"median angle between the two poses"_s, u"°"_s,
                          u"alarm line %1°, set on authentic clips measured with the same landmarks (see the limits of the method)"_s
                              .arg(text(line)), {}, {}};
    finding.strength = std::clamp(judged.median / (2.0 * line), 0.0, 1.0);
    const QString numbers = u"Median angle %1° (95 % of the frames below %2°; %3)."_s.arg(text(judged.median), text(judged.p95), counted);
    const bool above = judged.median > line;
    const bool noisy = judged.noiseMedian && *judged.noiseMedian > 0.5 * judged.median;
    finding.verdict = above ? (noisy ? Verdict::Inconclusive : Verdict::Suspicious) : Verdict::Consistent;
    if (above && noisy)
        finding.summary = u"%1 Not decided: landmark noise alone would give %2°."_s.arg(numbers, text(*judged.noiseMedian));
    else if (above)
        finding.summary = u"The centre of the face points elsewhere than the whole face. "_s + numbers;
    else
        finding.summary = numbers + u" A small angle is no evidence that a clip is genuine."_s;
    if (above)
        finding.supports << u"%1 % of the frames are above the alarm line of %2°."_s.arg(text(100.0 * judged.shareAbove, 0), text(line));
    if (judged.noiseMedian)
        finding.against << u"Landmark noise of %1 px would give a median angle of %2° by itself."_s.arg(text(*judged.noisePixels, 2), text(*judged.noiseMedian));
    finding.against << u"Very long, wide or asymmetric faces, beards, an open mouth, wide-angle lenses and beauty filters raise the angle."_s;
    return finding;
}

} // namespace fw
