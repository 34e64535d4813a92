// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/behaviour_row.h"

#include "base/numbers.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"

#include <cmath>

namespace fw {

namespace {

constexpr double kEyeballRadius = 12.0; // mm
constexpr double kStill = 1e-3;         // of the eye corners' distance: flow below is noise
constexpr double kQuiet = 0.25;         // grey levels: change below is rounding

double modelEyeCorners()
{
    return cv::norm(neutralHead()[36] - neutralHead()[45]);
}

/// The pixel on the plane through the model's point `at` that faces as the head does; head axes, mm.
cv::Vec3d onPlane(const cv::Point2d &pixel, const cv::Point3d &at, const HeadPose &pose, const Camera &camera)
{
    const cv::Vec3d ray((pixel.x - camera.centre.x) / camera.focal, (pixel.y - camera.centre.y) / camera.focal, 1.0);
    const cv::Vec3d normal = pose.rotation * cv::Vec3d(0, 0, 1);
    const double along = normal.dot(toCamera(pose, at)) / normal.dot(ray);
    return pose.rotation.t() * (along * ray - pose.translation);
}

cv::Vec3d turnVectorOf(const cv::Matx33d &r)
{
    const cv::Vec3d axis(r(2, 1) - r(1, 2), r(0, 2) - r(2, 0), r(1, 0) - r(0, 1));
    const double sine = 0.5 * cv::norm(axis), cosine = 0.5 * (r(0, 0) + r(1, 1) + r(2, 2) - 1.0);
    const double angle = std::atan2(sine, cosine);
    return sine > 1e-9 ? axis * (angle / (2.0 * sine)) : cv::Vec3d(0, 0, 0);
}

void readEye(const std::optional<EyeObservation> &eye, std::size_t side, const FaceObservation &face, const Camera &camera,
             BehaviourRow &row)
{
    row.openness[side] = row.irisRadius[side] = kMissing;
    row.gaze[side] = row.irisAt[side] = {kMissing, kMissing};
    if (!eye)
        return;
    row.openness[side] = double(eye->openness);
    row.irisRadius[side] = double(eye->irisRadius);
    if (!eye->gaze) // shut, too small or turned away: the iris is a guess
        return;
    const cv::Vec3d sight = face.pose->rotation.t() * cv::Vec3d(eye->gaze->direction);
    row.gaze[side] = {std::atan2(sight[0], -sight[2]) * kDegrees, std::atan2(sight[1], -sight[2]) * kDegrees};
    const cv::Point3d middle = 0.5 * (neutralHead()[side == 0 ? 36 : 42] + neutralHead()[side == 0 ? 39 : 45]);
    const cv::Point2d corners = 0.5 * (cv::Point2d(eye->lids[0]) + cv::Point2d(eye->lids[6]));
    const cv::Vec3d off = onPlane(cv::Point2d(eye->iris), middle, *face.pose, camera) - onPlane(corners, middle, *face.pose, camera);
    for (int axis = 0; axis < 2; ++axis)
        row.irisAt[side][axis] = std::asin(std::clamp(off[axis] / kEyeballRadius, -1.0, 1.0)) * kDegrees;
}

} // namespace

std::array<cv::Point2d, 68> pointsOnHead(const Landmarks68 &points, const HeadPose &pose, const Camera &camera)
{
    std::array<cv::Point2d, 68> on;
    const double unit = modelEyeCorners();
    for (std::size_t i = 0; i < on.size(); ++i) {
        const cv::Vec3d p = onPlane(cv::Point2d(points[i]), neutralHead()[i], pose, camera);
        on[i] = {p[0] / unit, p[1] / unit};
    }
    return on;
}

BehaviourRow missingBehaviourRow(FrameIndex frame, double seconds)
{
    BehaviourRow row;
    row.frame = frame;
    row.seconds = seconds;
    row.eyeCorners = row.poseRms = row.lipGap = row.lipWidth = row.jawDrop = kMissing;
    row.seam = row.highlights = row.mouth = kMissing;
    row.turn = row.turnVector = row.place = {kMissing, kMissing, kMissing};
    row.onHead.fill({kMissing, kMissing});
    for (auto *pair : {&row.eyeWidth, &row.irisRadius, &row.openness, &row.aspect})
        pair->fill(kMissing);
    row.gaze.fill({kMissing, kMissing});
    row.irisAt.fill({kMissing, kMissing});
    row.units.fill(kMissing);
    return row;
}

BehaviourRow behaviourRow(FrameIndex frame, double seconds, const FaceObservation &face, const Camera &camera)
{
    BehaviourRow row = missingBehaviourRow(frame, seconds);
    if (!face.landmarks || !face.pose)
        return row;
    const Landmarks68 &p = *face.landmarks;
    row.usable = true;
    row.eyeCorners = cv::norm(p[36] - p[45]);
    row.poseRms = face.pose->rmsPixels / std::max(row.eyeCorners, 1.0);
    const EulerAngles angles = eulerAngles(face.pose->rotation);
    row.turn = cv::Vec3d(angles.pitchRadians, angles.yawRadians, angles.rollRadians) * kDegrees;
    row.turnVector = turnVectorOf(face.pose->rotation);
    row.place = face.pose->translation;
    row.onHead = pointsOnHead(p, *face.pose, camera);
    row.eyeWidth = {cv::norm(p[36] - p[39]), cv::norm(p[42] - p[45])};
    row.aspect = {face.earImageLeft.value_or(kMissing), face.earImageRight.value_or(kMissing)};
    readEye(face.eyeImageLeft, 0, face, camera, row);
    readEye(face.eyeImageRight, 1, face, camera, row);
    if (face.appearance) {
        row.mark = face.appearance->mark;
        row.seam = std::log((double(face.appearance->seamAround) + kStill) / (double(face.appearance->seamInside) + kStill));
        row.highlights = double(face.appearance->highlights);
        row.mouth = std::log((double(face.appearance->mouthChange) + kQuiet) / (double(face.appearance->cheekChange) + kQuiet));
    }
    if (face.actionUnits) {
        for (std::size_t u = 0; u < row.units.size(); ++u)
            row.units[u] = double(face.actionUnits->intensity[u]);
    }
    row.lipGap = cv::norm(row.onHead[62] - row.onHead[66]);
    row.lipWidth = cv::norm(row.onHead[48] - row.onHead[54]);
    row.jawDrop = row.onHead[8].y - row.onHead[27].y;
    return row;
}

} // namespace fw
