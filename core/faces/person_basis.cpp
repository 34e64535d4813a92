// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/person_basis_p.h"

#include "faces/head_axes.h"

#include <Eigen/Geometry>
#include <Eigen/LU>

namespace fw::person {

namespace {

// Chosen on simulated people with landmark noise of 0.5 and 1 % of the eye distance: a face does little
// at a time, and both sides mostly act together.
constexpr double kSpread = 0.5;
constexpr double kSides = 0.8;           ///< correlation of left and right
constexpr double kBlinkSteadiness = 0.03; ///< share of the precision of a step between frames for lids, the fastest of a face

MatrixXd column(const FaceShapes::Points &points)
{
    MatrixXd out(3 * kFitPoints, 1);
    for (int i = 0; i < kFitPoints; ++i) {
        for (int c = 0; c < 3; ++c)
            out(3 * i + c, 0) = double(points[std::size_t(i)][c]);
    }
    return out;
}

/// Strengths are small, and both sides of a face mostly act together.
MatrixXd priorOf(const FaceShapes &shapes, const std::vector<int> &free)
{
    const Eigen::Index count = Eigen::Index(free.size());
    MatrixXd spread = MatrixXd::Identity(count, count);
    const auto name = [&](Eigen::Index k) -> const std::string & {
        return shapes.names[std::size_t(free[std::size_t(k)])];
    };
    for (Eigen::Index a = 0; a + 1 < count; ++a) {
        const std::string &left = name(a), &right = name(a + 1);
        if (left.ends_with("_L") && right.ends_with("_R") &&
            left.substr(0, left.size() - 2) == right.substr(0, right.size() - 2))
            spread(a, a + 1) = spread(a + 1, a) = kSides;
    }
    return (kSpread * kSpread * spread).inverse();
}

} // namespace

Basis basisOf(const FaceShapes &shapes)
{
    Basis basis;
    basis.neutral = Eigen::Map<const Points>(column(shapes.neutral).data(), 3, kFitPoints);
    for (int i = 0; i < kExpressions; ++i) {
        // Where a person looks is measured on the iris; from the lids alone it would be a guess.
        if (!shapes.names[std::size_t(i)].starts_with("eyeLook"))
            basis.free.push_back(i);
    }
    basis.expressions.resize(3 * kFitPoints, Eigen::Index(basis.free.size()));
    for (std::size_t k = 0; k < basis.free.size(); ++k) {
        const std::size_t i = std::size_t(basis.free[k]);
        basis.expressions.col(Eigen::Index(k)) = column(shapes.expressions[i]);
        if (shapes.names[i] == "jawOpen")
            basis.jawOpen = int(k);
        if (shapes.names[i] == "mouthClose")
            basis.mouthClose = int(k);
    }
    basis.identities.resize(3 * kFitPoints, kIdentities);
    for (int i = 0; i < kIdentities; ++i)
        basis.identities.col(i) = column(shapes.identities[std::size_t(i)]);
    basis.prior = priorOf(shapes, basis.free);
    basis.steadiness.setOnes(Eigen::Index(basis.free.size()));
    for (std::size_t k = 0; k < basis.free.size(); ++k) {
        if (shapes.names[std::size_t(basis.free[k])].starts_with("eyeBlink"))
            basis.steadiness[Eigen::Index(k)] = kBlinkSteadiness; // the fastest that a face does
    }
    return basis;
}

Pose poseOf(const HeadPose &pose)
{
    Pose out;
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c)
            out.rotation(r, c) = pose.rotation(r, c);
        out.translation[r] = pose.translation[r];
    }
    return out;
}

HeadPose headPoseOf(const Pose &pose)
{
    HeadPose out;
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c)
            out.rotation(r, c) = pose.rotation(r, c);
        out.translation[r] = pose.translation[r];
    }
    out.rotation = rotationOf(eulerAngles(out.rotation)); // mends the last digits of orthogonality
    return out;
}

Eigen::Matrix3d rotationAbout(const Eigen::Vector3d &turn)
{
    const double angle = turn.norm();
    if (angle < 1e-12)
        return Eigen::Matrix3d::Identity();
    return Eigen::AngleAxisd(angle, turn / angle).toRotationMatrix();
}

} // namespace fw::person
