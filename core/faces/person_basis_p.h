// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How a person's head is made of shapes, for the fit in person_model.cpp.
#include "faces/face.h"
#include "faces/face_shapes.h"

#include <Eigen/Core>

#include <vector>

namespace fw::person {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Points = Eigen::Matrix<double, 3, Eigen::Dynamic>;

constexpr int kLandmarks = 68, kJaw = 17, kFitPoints = kLandmarks + kJaw;
constexpr int kIdentities = int(FaceShapes::kIdentities);
constexpr int kExpressions = int(FaceShapes::kExpressions);

/// The model as matrices. Rows are x, y, z of the 85 points that are fitted.
struct Basis
{
    Points neutral;
    MatrixXd identities;  ///< 255 x 40
    MatrixXd expressions; ///< 255 x 45: those that landmarks can tell, see `free`
    std::vector<int> free; ///< which of the 53 they are
    int jawOpen = -1, mouthClose = -1; ///< positions in `free`
    MatrixXd prior; ///< 45 x 45, precision of the strengths
    VectorXd steadiness; ///< 45, precision of the step between frames, of 1 on average
};

Basis basisOf(const FaceShapes &shapes);

struct Pose
{
    Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
    Eigen::Vector3d translation = Eigen::Vector3d::Zero();
};

Pose poseOf(const HeadPose &pose);
HeadPose headPoseOf(const Pose &pose);
/// @param turn  axis times angle, rad.
Eigen::Matrix3d rotationAbout(const Eigen::Vector3d &turn);

} // namespace fw::person
