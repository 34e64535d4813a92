// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/camera.h"
#include "faces/face.h"
#include "faces/head_model.h"

#include <span>

namespace fw {

/// Fits the pose of one head to its landmarks by least squares on the reprojection error.
/// Starts from a weak-perspective solution, so that the mirrored and behind-the-camera solutions
/// of a free start cannot come out.
/// @param points  full-frame pixels, iBUG order; a point that is not finite counts as unseen.
/// @param camera  focal length and centre in pixels.
/// @param model   where the points lie on this head, mm.
/// @param use     indices of the points that take part.
/// @return rotation from head to camera and translation in millimetres. Errc::BadData when fewer
///         than 6 points are seen, they lie in one plane, or the head would not be in front of the
///         camera.
/// Deterministic; any thread. Source: Yang, Li, Lyu, ICASSP 2019 (arXiv 1811.00661) for the use,
/// the start and the checks are our own.
Result<HeadPose> fitHeadPose(const Landmarks68 &points, const Camera &camera,
                             const HeadModel &model = neutralHead(),
                             std::span<const int> use = rigidPoints());

/// The same for a camera that is only assumed. Hardly anybody is filmed from nearer than kNearestFace: a
/// head that would be so near is seen through a longer lens, or in a piece of a larger picture, and a lens
/// that is assumed too short bends its turn. The turn is fitted with the lens that puts it there, and the
/// place is told for `assumed`, at the same size.
constexpr double kNearestFace = 600.0; ///< mm
Result<HeadPose> fitHeadPoseOfUnknownLens(const Landmarks68 &points, const Camera &assumed);

/// The same, started from a pose that is nearly right. Errc::BadData also when the fit turns the
/// head by more than 60 degrees away from the start: then one of the two is wrong.
Result<HeadPose> refineHeadPose(const HeadPose &start, const Landmarks68 &points,
                                const Camera &camera, const HeadModel &model,
                                std::span<const int> use);

/// The angle between the facing directions of two poses, 0..pi.
double facingAngle(const HeadPose &a, const HeadPose &b);

/// Where a place on the head (mm, head axes) is in the camera's axes, and in the picture.
cv::Vec3d toCamera(const HeadPose &pose, const cv::Point3d &onHead);
cv::Point2d projected(const HeadPose &pose, const Camera &camera, const cv::Point3d &onHead);

} // namespace fw
