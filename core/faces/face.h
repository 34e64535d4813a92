// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "faces/action_units.h"
#include "faces/eye.h"

#include <opencv2/core.hpp>

#include <array>
#include <limits>
#include <optional>
#include <vector>

namespace fw {

/// 68 points in the iBUG / Multi-PIE order, full-frame pixels.
using Landmarks68 = std::array<cv::Point2f, 68>;

/// Where a head is and how it is turned, in camera axes (x right, y down, z forward).
struct HeadPose
{
    cv::Matx33d rotation = cv::Matx33d::eye(); ///< head to camera
    cv::Vec3d translation{0, 0, 0};            ///< mm
    double rmsPixels = 0.0;                    ///< reprojection error over the points used

    /// Out of the face: (0,0,-1) for a head that looks into the camera.
    cv::Vec3d facing() const { return rotation * cv::Vec3d(0, 0, -1); }
};

/// R = Rx·Ry·Rz. Positive pitch: face turned down; yaw: towards image left; roll: clockwise.
struct EulerAngles
{
    double pitchRadians = 0.0;
    double yawRadians = 0.0;
    double rollRadians = 0.0;
};
EulerAngles eulerAngles(const cv::Matx33d &rotation);
cv::Matx33d rotationOf(const EulerAngles &angles);

/// One standard deviation of each landmark, px.
using LandmarkSigmas = std::array<float, 68>;

/// The face model fitted to one face in one frame.
struct ExpressionFit
{
    /// Strengths of the model's 53 expressions, 0..1, in the order of the head model's file.
    std::array<float, 53> expression{};
    std::array<cv::Point3f, 68> points3d{}; ///< the 68 points of the fit, mm, camera axes
};

/// What the pixels of a face say of who it is and of how it moved, now and then.
struct FaceAppearance
{
    std::array<float, 64> mark{}; ///< see FaceMark
    /// How far flow deviates from one affine motion of the inner face, within it and just outside it; see SeamMotion.
    /// Shares of the distance of the outer eye corners; not-a-number: not measured.
    float seamInside = 0.0f, seamAround = 0.0f;
    /// How much of the highlights of both irises lies at the same place, 0..1; see highlightAgreement().
    float highlights = std::numeric_limits<float>::quiet_NaN();
    /// Grey levels that motion leaves unexplained since the frame before, in the open mouth and on the cheeks; see
    /// MouthMotion. Not-a-number: not measured.
    float mouthChange = std::numeric_limits<float>::quiet_NaN(), cheekChange = std::numeric_limits<float>::quiet_NaN();
};

/// What was measured on one face in one frame. What was not measured is nullopt.
struct FaceObservation
{
    TrackId track{};
    cv::Rect2f box;          ///< px
    double confidence = 0.0; ///< 0..1, of the detection or the tracking step
    bool detected = false;   ///< found by the detector here (else tracked)
    std::optional<Landmarks68> landmarks;
    std::optional<LandmarkSigmas> landmarkSigmas;
    std::optional<HeadPose> pose;        ///< from all rigid points
    std::optional<double> earImageLeft;  ///< eye aspect ratio of points 36..41
    std::optional<double> earImageRight; ///< of points 42..47
    std::optional<EyeObservation> eyeImageLeft;
    std::optional<EyeObservation> eyeImageRight;
    std::optional<ExpressionFit> expression;
    std::optional<ActionUnits> actionUnits;
    std::optional<FaceAppearance> appearance;
};

/// All faces of one frame, ordered by track id.
using FaceObservations = std::vector<FaceObservation>;

} // namespace fw
