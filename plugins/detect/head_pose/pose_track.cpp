// SPDX-License-Identifier: GPL-3.0-or-later
#include "pose_track.h"

#include "base/numbers.h"
#include "faces/alignment.h"
#include "stats/quantile.h"

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kNoiseRun = 30; ///< frames in a row from which noise is measured

std::optional<double> noiseOf(const std::vector<PoseSample> &samples)
{
    std::vector<Landmarks68> run;
    std::vector<double> noise;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (i > 0 && samples[i].frame != samples[i - 1].frame + 1)
            run.clear();
        run.push_back(samples[i].points);
        if (run.size() == kNoiseRun) {
            if (const auto sigma = landmarkNoise(run))
                noise.push_back(*sigma);
            run.clear();
        }
    }
    return median(noise);
}

} // namespace

std::optional<double> innerAngle(const PoseSample &sample, const Camera &camera)
{
    if (!sample.usable || !sample.inner)
        return std::nullopt;
    const auto whole = fitHeadPose(sample.points, camera, neutralHead(), wholeFacePoints());
    const auto inner = whole ? refineHeadPose(*whole, *sample.inner, camera, neutralHead(), centralFacePoints()) : whole;
    return inner ? std::optional(facingAngle(*whole, *inner)) : std::nullopt;
}

void findPoses(std::vector<PoseSample> &samples, const Camera &camera, const HeadModel &head, std::stop_token stop)
{
    for (PoseSample &s : samples) {
        if (stop.stop_requested())
            return;
        s.eyeCorners = eyeCornerDistance(s.points);
        s.poses.reset();
        s.usable = false;
        auto poses = comparePoses(s.points, camera, head);
        if (!poses)
            continue;
        s.poses = *poses;
        const EulerAngles turn = eulerAngles(poses->whole.rotation);
        s.usable = std::abs(turn.yawRadians) * kDegrees <= kPoseLimits.mostYawDegrees
            && std::abs(turn.pitchRadians) * kDegrees <= kPoseLimits.mostPitchDegrees
            && s.eyeCorners >= kPoseLimits.leastEyeCorners
            && poses->whole.rmsPixels <= kPoseLimits.mostRms * s.eyeCorners;
    }
}

Result<OwnHead> headOfTrack(const FaceShapes &shapes, const Camera &camera, const std::vector<PoseSample> &samples, int views)
{
    std::vector<const PoseSample *> usable;
    for (const PoseSample &s : samples) {
        if (s.usable)
            usable.push_back(&s);
    }
    if (usable.size() < kPoseLimits.fewestFrames)
        return fail(Errc::BadData, u"fewer than %1 views of the face can be used"_s.arg(kPoseLimits.fewestFrames));
    const std::size_t count = std::min(std::size_t(views), usable.size());
    std::vector<Landmarks68> chosen;
    for (std::size_t k = 0; k < count; ++k)
        chosen.push_back(usable[(2 * k + 1) * usable.size() / (2 * count)]->points);
    return fitOwnHead(shapes, camera, chosen, wholeFacePoints());
}

PoseSummary summarize(const std::vector<PoseSample> &samples)
{
    PoseSummary summary;
    std::vector<double> angles, sizes;
    std::vector<cv::Vec3d> turns;
    std::vector<EulerAngles> poses;
    for (const PoseSample &s : samples) {
        sizes.push_back(s.eyeCorners);
        if (!s.usable)
            continue;
        angles.push_back(s.poses->angleRadians);
        turns.push_back(turnBetween(*s.poses));
        poses.push_back(eulerAngles(s.poses->whole.rotation));
    }
    summary.usable = angles.size();
    summary.eyeCorners = median(sizes).value_or(0.0);
    summary.noisePixels = noiseOf(samples);
    if (angles.empty())
        return summary;
    summary.median = *median(angles);
    summary.p95 = *quantile(angles, 0.95);
    summary.turns = regressTurns(turns, poses);
    double nearest = std::numeric_limits<double>::max();
    for (const PoseSample &s : samples) {
        const double off = s.usable ? std::abs(s.poses->angleRadians - summary.median) : nearest;
        if (off < nearest) {
            nearest = off;
            summary.typical = s.frame;
        }
    }
    return summary;
}

} // namespace fw
