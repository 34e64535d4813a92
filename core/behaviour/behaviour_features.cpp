// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/behaviour_features.h"

#include "base/numbers.h"
#include "behaviour/face_distances.h"
#include "faces/alignment.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kUnits = 16, kPitch = 16, kRoll = 17, kLipVertical = 18, kLipHorizontal = 19;
constexpr double kDistanceFloor = 0.002; ///< of the distance of the eye corners: 0.2 mm

cv::Point2d meanOf(const FacePoints3d &face, std::size_t from, std::size_t to)
{
    cv::Point2d sum;
    for (std::size_t i = from; i < to; ++i)
        sum += cv::Point2d(double(face[i].x), double(face[i].y));
    return sum / double(to - from);
}

double squaredSpan(const FacePoints3d &face, std::size_t a, std::size_t b)
{
    const double x = double(face[a].x) - double(face[b].x), y = double(face[a].y) - double(face[b].y);
    return x * x + y * y;
}

std::size_t placeOf(int unit)
{
    return std::size_t(std::ranges::find(kIntensityUnits, unit) - kIntensityUnits.begin());
}

/// Units that the picture shows badly: read as a distance on the face.
const std::map<int, double FaceDistances::*> &distances()
{
    static const std::map<int, double FaceDistances::*> table{
        {7, &FaceDistances::lowerLid}, {15, &FaceDistances::cornersDown}, {17, &FaceDistances::chin}};
    return table;
}

std::optional<BehaviourFeatures> featuresOf(const FaceObservation &face)
{
    if (!face.actionUnits || !face.expression || !face.pose || face.confidence < kLeastFaceConfidence)
        return std::nullopt;
    const auto lips = lipMeasures(face.expression->points3d);
    if (!lips)
        return std::nullopt;
    const auto seen = face.landmarks ? faceDistances(*face.landmarks, face.expression->points3d) : std::nullopt;
    if (!seen)
        return std::nullopt;
    BehaviourFeatures values{};
    for (std::size_t u = 0; u < kUnits; ++u) // the first 16 of 17; the last is the blink
        values[u] = double(face.actionUnits->raw[u]);
    for (const auto &[unit, distance] : distances())
        values[placeOf(unit)] = (*seen).*distance;
    const EulerAngles angles = eulerAngles(face.pose->rotation);
    values[kPitch] = angles.pitchRadians;
    values[kRoll] = angles.rollRadians;
    values[kLipVertical] = lips->vertical;
    values[kLipHorizontal] = lips->horizontal;
    return values;
}

} // namespace

static_assert(kIntensityUnits[kUnits] == 45, "blinks are left out: people blink for other reasons");

QString behaviourFeatureName(std::size_t feature)
{
    switch (feature) {
    case kPitch: return u"pose_Rx"_s;
    case kRoll: return u"pose_Rz"_s;
    case kLipVertical: return u"lip_ver"_s;
    case kLipHorizontal: return u"lip_hor"_s;
    default: return actionUnitCode(kIntensityUnits[feature]);
    }
}

QString behaviourFeatureWords(std::size_t feature)
{
    switch (feature) {
    case kPitch: return u"nodding of the head"_s;
    case kRoll: return u"tilting of the head"_s;
    case kLipVertical: return u"opening of the mouth"_s;
    case kLipHorizontal: return u"width of the mouth"_s;
    default: return actionUnitName(kIntensityUnits[feature]);
    }
}

double behaviourNoiseFloor(std::size_t feature)
{
    if (feature == kPitch || feature == kRoll)
        return 0.2 / kDegrees;
    if (feature == kLipVertical || feature == kLipHorizontal)
        return 1e-4;
    return distances().contains(kIntensityUnits[feature]) ? kDistanceFloor : 0.05;
}

const std::array<BehaviourPair, kBehaviourPairs> &behaviourPairs()
{
    static const auto pairs = [] {
        std::array<BehaviourPair, kBehaviourPairs> all;
        std::size_t at = 0;
        for (std::size_t a = 0; a < kBehaviourFeatures; ++a) {
            for (std::size_t b = a + 1; b < kBehaviourFeatures; ++b)
                all[at++] = {a, b};
        }
        return all;
    }();
    return pairs;
}

std::size_t behaviourPairOf(std::size_t a, std::size_t b)
{
    const auto [low, high] = std::minmax(a, b);
    return low * (2 * kBehaviourFeatures - low - 1) / 2 + high - low - 1;
}

QString behaviourPairName(std::size_t pair)
{
    const auto [a, b] = behaviourPairs()[pair];
    return behaviourFeatureName(a) + u'-' + behaviourFeatureName(b);
}

QString behaviourPairWords(std::size_t pair)
{
    const auto [a, b] = behaviourPairs()[pair];
    return u"%1 with %2"_s.arg(behaviourFeatureWords(a), behaviourFeatureWords(b));
}

std::optional<LipMeasures> lipMeasures(const FacePoints3d &face)
{
    const auto front = withoutPose(face);
    if (!front)
        return std::nullopt;
    // A turn in the plane changes no distance, so the eyes give the unit only.
    const cv::Point2d eyes = meanOf(*front, 42, 48) - meanOf(*front, 36, 42);
    const double unit = eyes.dot(eyes);
    if (!(unit > 0.0))
        return std::nullopt;
    return LipMeasures{squaredSpan(*front, 51, 57) / unit, squaredSpan(*front, 48, 54) / unit};
}

BehaviourSample behaviourSampleOf(const FaceObservation &face, FrameIndex frame, double seconds)
{
    return {frame, seconds, featuresOf(face),
            face.pose ? eulerAngles(face.pose->rotation).yawRadians * kDegrees : kMissing,
            face.landmarks ? eyeCornerDistance(*face.landmarks) : kMissing};
}

std::vector<BehaviourSample> behaviourSamples(const ObservationLog &log, std::span<const double> seconds,
                                              TrackId track, bool alone)
{
    std::vector<BehaviourSample> samples;
    const FrameIndex count = std::min(FrameIndex(log.faces.size()), FrameIndex(seconds.size()));
    for (FrameIndex i = 0; i < count; ++i) {
        const FaceObservations *faces = log.facesAt(i);
        const auto face = faces ? std::ranges::find(*faces, track, &FaceObservation::track) : FaceObservations::const_iterator{};
        if (!faces || face == faces->end())
            continue;
        samples.push_back(behaviourSampleOf(*face, i, seconds[std::size_t(i)]));
        if (alone && faces->size() > 1)
            samples.back().values.reset();
    }
    return samples;
}

} // namespace fw
