// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/camera.h"
#include "faces/face.h"

#include <array>
#include <optional>
#include <vector>

namespace fw {

/// One face in one frame as the numbers that methods on behaviour follow over time. Nothing is
/// smoothed. Not-a-number: not measured. Of pairs, the first belongs to the eye at the left of the
/// picture.
struct BehaviourRow
{
    FrameIndex frame = 0;
    double seconds = 0.0;

    double eyeCorners = 0.0;       ///< px between the outer corners of the eyes
    double poseRms = 0.0;          ///< reprojection error in shares of that distance
    cv::Vec3d turn{0, 0, 0};       ///< pitch, yaw, roll, degrees
    cv::Vec3d turnVector{0, 0, 0}; ///< axis times angle of the head's rotation, rad
    cv::Vec3d place{0, 0, 0};      ///< of the head, mm
    /// The landmarks on the head: turn, place and size of the head taken away; x and y of head axes
    /// in distances between the outer eye corners. Of a face that never moves a muscle they stand.
    std::array<cv::Point2d, 68> onHead{};

    std::array<double, 2> eyeWidth{};   ///< px between the corners of one eye
    std::array<double, 2> irisRadius{}; ///< px
    std::array<double, 2> openness{};   ///< 0..1, as the eye network reads it
    std::array<double, 2> aspect{};     ///< eye aspect ratio of the landmarks
    std::array<cv::Vec2d, 2> gaze{};    ///< x, y of the line of sight in head axes, degrees
    std::array<cv::Vec2d, 2> irisAt{};  ///< iris from the middle of the corners, in head axes, degrees of an eyeball of 12 mm

    std::array<double, 17> units{};     ///< intensities in the order of kIntensityUnits
    double lipGap = 0.0;                ///< inner lips 62-66, in distances between the outer eye corners
    double lipWidth = 0.0;              ///< corners 48-54, likewise
    double jawDrop = 0.0;               ///< chin 8 below the root of the nose 27, head axes, likewise

    std::optional<std::array<float, 64>> mark; ///< who it looks like; see FaceMark
    /// Natural logarithm of how much less the surroundings of the inner face follow its motion than it does itself.
    double seam = 0.0;
    double highlights = 0.0; ///< how much of the highlights of both irises agrees, 0..1
    double mouth = 0.0;      ///< natural logarithm of what changes in the open mouth over what changes on the cheeks

    bool usable = false; ///< landmarks and pose were measured
};

BehaviourRow behaviourRow(FrameIndex frame, double seconds, const FaceObservation &face, const Camera &camera);

/// A row in which nothing was measured: stands for a frame without the face.
BehaviourRow missingBehaviourRow(FrameIndex frame, double seconds);

/// Where the landmarks lie on a head in this pose: each line of sight is cut with the plane through
/// the model's point that faces as the head does. Distances between the outer eye corners of the model.
std::array<cv::Point2d, 68> pointsOnHead(const Landmarks68 &points, const HeadPose &pose, const Camera &camera);

} // namespace fw
