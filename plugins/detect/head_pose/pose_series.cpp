// SPDX-License-Identifier: GPL-3.0-or-later
#include "head_pose_detector.h"

#include "base/numbers.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kEventSeconds = 0.5;
constexpr int kBandEvery = 15, kBandDraws = 200; // as the method's page says
constexpr int kMedianFrames = 5;                 // of the displayed angle
constexpr double kArrowMm = 100.0;
const QString kBlue = u"#4477ff"_s, kOrange = u"#ff9c1a"_s;

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

VectorSeries::Item arrow(const PoseSample &s, TrackId track, const HeadPose &pose, const Camera &camera,
                         const HeadModel &head, const QString &label)
{
    const cv::Point3d nose = head[33];
    return {s.frame, track, projected(pose, camera, nose), projected(pose, camera, nose + cv::Point3d(0, 0, -kArrowMm)), label};
}

/// The angle as it is shown: the median of five frames in a row.
std::vector<double> smoothed(const std::vector<double> &values)
{
    std::vector<double> out(values.size(), kMissing);
    const std::ptrdiff_t half = kMedianFrames / 2, count = std::ssize(values);
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        if (!std::isfinite(values[std::size_t(i)]))
            continue;
        const auto begin = values.begin() + std::max<std::ptrdiff_t>(0, i - half);
        const auto end = values.begin() + std::min(count, i + half + 1);
        out[std::size_t(i)] = *median(std::vector<double>(begin, end));
    }
    return out;
}

/// Spans above the line for half a second or longer; a frame that cannot be used ends a span.
std::vector<Event> eventsOf(const JudgedTrack &track, double lineDegrees, const QString &face, std::size_t known)
{
    std::vector<Event> events;
    const auto angle = [&](std::size_t i) { return track.samples[i].poses->angleRadians * kDegrees; };
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= track.samples.size(); ++i) {
        if (i < track.samples.size() && track.samples[i].usable && angle(i) > lineDegrees)
            continue;
        if (i > begin && track.samples[i - 1].seconds - track.samples[begin].seconds >= kEventSeconds) {
            std::size_t apex = begin;
            for (std::size_t k = begin; k < i; ++k)
                apex = angle(k) > angle(apex) ? k : apex;
            Event event;
            event.id = u"difference.%1.%2"_s.arg(number(track.id)).arg(known + events.size());
            event.kind = u"pose-difference"_s;
            event.label = u"Poses differ by up to %1°, %2"_s.arg(angle(apex), 0, 'f', 1).arg(face);
            event.range = {track.samples[begin].frame, track.samples[i - 1].frame + 1};
            event.apex = track.samples[apex].frame;
            event.track = track.id;
            event.strength = std::clamp(angle(apex) / (3.0 * lineDegrees), 0.0, 1.0);
            events.push_back(event);
        }
        begin = i + 1;
    }
    return events;
}

/// The landmarks that took part, on the frames that a reader is led to.
void markLandmarks(const JudgedTrack &track, const std::vector<FrameIndex> &frames, VectorSeries &whole, VectorSeries &both)
{
    for (const PoseSample &s : track.samples) {
        if (!s.usable || std::find(frames.begin(), frames.end(), s.frame) == frames.end())
            continue;
        for (const int i : wholeFacePoints()) {
            const bool shared = std::find(centralFacePoints().begin(), centralFacePoints().end(), i) != centralFacePoints().end();
            (shared ? both : whole).items.push_back({s.frame, track.id, s.points[std::size_t(i)], s.points[std::size_t(i)], {}});
        }
    }
}

} // namespace

void measureTrack(JudgedTrack &track, const Camera &camera, double alarmDegrees, const JobContext &job, Measurements &out)
{
    const QString face = u"face %1"_s.arg(number(track.id) + 1), id = QString::number(number(track.id));
    const GenuineLines &lines = genuineLines(track.source);
    Trace angle = emptyTrace(u"angle"_s, u"Angle between whole face and centre, "_s + face,
                             u"How far the direction of the face's centre is from that of the whole face, found with %1; the median of "
                             "5 frames. The band is what landmark noise alone would give. Frames outside the method's limits are left out."_s
                                 .arg(headSourceTitle(track.source)),
                             track.id, u"Head pose difference, "_s + face);
    angle.thresholds = {{lines.p95, u"95 % of authentic frames are below"_s}, {alarmDegrees, u"alarm line of the median"_s}};
    const QString parts = u"Head pose, parts of the difference, "_s + face;
    Trace yaw = emptyTrace(u"yaw-difference"_s, u"Yaw of the centre minus yaw of the whole, "_s + face,
                           u"Turn to the side, centre minus whole face."_s, track.id, parts);
    Trace pitch = emptyTrace(u"pitch-difference"_s, u"Pitch of the centre minus pitch of the whole, "_s + face,
                             u"Turn up or down, centre minus whole face."_s, track.id, parts);
    Trace rest = emptyTrace(u"unexplained"_s, u"Difference that the pose does not explain, "_s + face,
                            u"What is left of the turn between whole face and centre after its linear dependence on the pose of the head, "
                            "which a wrong shape of the head would cause, is taken away."_s, track.id, parts);
    VectorSeries whole{u"whole."_s + id, u"Direction of the whole face, "_s + face, u"From the base of the nose, 100 mm out of the face."_s, kBlue, {}};
    VectorSeries central{u"central."_s + id, u"Direction of the face's centre, "_s + face,
                         u"From the base of the nose, 100 mm out of the face; the number is the angle between both."_s, kOrange, {}};
    std::optional<NoiseBand> band;
    std::vector<double> noiseMedians, noiseTurns;
    int sinceBand = kBandEvery;
    std::size_t residual = 0;
    for (const PoseSample &s : track.samples) {
        if (s.usable && track.summary.noisePixels && ++sinceBand > kBandEvery && !job.stop.stop_requested()) {
            sinceBand = 0;
            band = noiseBand(s.poses->whole, camera, *track.summary.noisePixels, kBandDraws, job.seed + quint64(s.frame), track.head);
            if (band) {
                noiseMedians.push_back(band->medianRadians);
                noiseTurns.push_back(band->turnRmsRadians);
            }
        }
        angle.frames.push_back(s.frame);
        angle.values.push_back(s.usable ? s.poses->angleRadians * kDegrees : kMissing);
        angle.lower.push_back(s.usable && band ? 0.0 : kMissing);
        angle.upper.push_back(s.usable && band ? band->p95Radians * kDegrees : kMissing);
        const EulerAngles a = s.usable ? eulerAngles(s.poses->whole.rotation) : EulerAngles{};
        const EulerAngles c = s.usable ? eulerAngles(s.poses->central.rotation) : EulerAngles{};
        yaw.values.push_back(s.usable ? (c.yawRadians - a.yawRadians) * kDegrees : kMissing);
        pitch.values.push_back(s.usable ? (c.pitchRadians - a.pitchRadians) * kDegrees : kMissing);
        rest.values.push_back(s.usable && track.summary.turns ? cv::norm(track.summary.turns->residuals[residual]) * kDegrees : kMissing);
        if (!s.usable)
            continue;
        ++residual;
        whole.items.push_back(arrow(s, track.id, s.poses->whole, camera, track.head, {}));
        central.items.push_back(arrow(s, track.id, s.poses->central, camera, track.head,
                                      QString::number(s.poses->angleRadians * kDegrees, 'f', 1) + u"°"_s));
    }
    yaw.frames = pitch.frames = rest.frames = angle.frames;
    angle.values = smoothed(angle.values);
    track.noiseMedian = median(noiseMedians);
    track.noiseTurnRms = median(noiseTurns);

    Trace inner = emptyTrace(u"inner-angle"_s, u"Inner face seen alone against whole face, "_s + face,
                             u"On every %1th frame the inner face is looked at with everything round it made grey; how far its direction is "
                             "from that of the whole face, found with the mean head."_s.arg(kInnerEvery), track.id, u"Head pose of the inner face, "_s + face);
    inner.frames = track.innerFrames;
    for (const double a : track.innerAngles)
        inner.values.push_back(a * kDegrees);
    inner.thresholds = {{genuineInnerLines().alarm, u"alarm line of the median"_s}};
    Trace chance = emptyTrace(u"probability"_s, u"Classifier of the paper, "_s + face, {}, track.id, u"Head pose classifier, "_s + face);
    chance.unit = u"1"_s;
    chance.about = u"P(spliced) by a support vector machine trained on simulated splices, with equal priors."_s;
    if (!track.probabilities.empty()) {
        chance.frames = angle.frames;
        chance.values = track.probabilities;
    }

    std::vector<FrameIndex> shown{track.summary.typical};
    for (Event &event : eventsOf(track, lines.p99, face, out.events.size())) {
        shown.insert(shown.end(), {event.range.begin, *event.apex});
        out.events.push_back(std::move(event));
    }
    VectorSeries outer{u"whole-points."_s + id, u"Landmarks of the whole face only, "_s + face, u"Marked on the frames of events and on the typical frame."_s, kBlue, {}};
    VectorSeries both{u"shared-points."_s + id, u"Landmarks of whole face and centre, "_s + face, u"Marked on the frames of events and on the typical frame."_s, kOrange, {}};
    markLandmarks(track, shown, outer, both);
    for (Trace *trace : {&angle, &yaw, &pitch, &rest})
        out.traces.push_back(std::move(*trace));
    for (Trace *trace : {&inner, &chance}) {
        if (!trace->frames.empty())
            out.traces.push_back(std::move(*trace));
    }
    for (VectorSeries *series : {&whole, &central, &outer, &both})
        out.vectors.push_back(std::move(*series));
}

} // namespace fw
