// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/person_fit_p.h"

#include "faces/alignment.h"

#include <Eigen/Cholesky>

#include <cmath>
#include <limits>

namespace fw::person {

namespace {

constexpr double kLeastSigma = 0.5; ///< px
constexpr double kJawWeight = 0.3;
constexpr double kHuberPixels = 2.0;

} // namespace

Seen seenOf(const Landmarks68 &points, const LandmarkSigmas *sigmas, double share)
{
    Seen seen;
    const double assumed = std::max(kLeastSigma, share * eyeCornerDistance(points));
    double sum = 0.0;
    for (int i = 0; i < kLandmarks; ++i) {
        const cv::Point2f &p = points[std::size_t(i)];
        const bool finite = std::isfinite(p.x) && std::isfinite(p.y);
        const double given = sigmas ? double((*sigmas)[std::size_t(i)]) : assumed;
        const double sigma = std::isfinite(given) ? std::max(kLeastSigma, given) : assumed;
        seen.points.col(i) << (finite ? double(p.x) : 0.0), (finite ? double(p.y) : 0.0);
        seen.weight[std::size_t(i)] = finite ? (i < kJaw ? kJawWeight : 1.0) / sigma : 0.0;
        sum += sigma;
    }
    seen.huber = std::max(kHuberPixels, 2.0 * sum / kLandmarks);
    return seen;
}

Points Fitter::shape(const Points &rest, const VectorXd &strength) const
{
    Points out = rest;
    Eigen::Map<VectorXd>(out.data(), out.size()) += m_basis.expressions * strength;
    return out;
}

Linear Fitter::linear(const Seen &seen, const Points &rest, const State &state, bool withIdentity) const
{
    const Points head = shape(rest, state.strength);
    const Points turned = state.pose.rotation * head;
    const Eigen::Index count = m_basis.expressions.cols();
    Linear out;
    out.pose.setZero(2 * kLandmarks, kPose);
    out.expression.setZero(2 * kLandmarks, count);
    out.residual.setZero(2 * kLandmarks);
    if (withIdentity)
        out.identity.setZero(2 * kLandmarks, kIdentities);
    for (int i = 0; i < kLandmarks; ++i) {
        if (seen.weight[std::size_t(i)] <= 0.0)
            continue;
        const int at = placeOf(i, seen, turned, state.pose);
        const Eigen::Vector3d c = turned.col(at) + state.pose.translation;
        if (!(c[2] > 1e-6)) {
            out.cost = std::numeric_limits<double>::infinity();
            return out;
        }
        const Eigen::Vector2d r = seen.points.col(i) - project(c);
        const double far = r.norm();
        const double pull = far <= seen.huber ? 1.0 : std::sqrt(seen.huber / far);
        const double w = seen.weight[std::size_t(i)] * pull;
        const double scaled = seen.weight[std::size_t(i)];
        out.cost += scaled * scaled *
                    (far <= seen.huber ? far * far : seen.huber * (2.0 * far - seen.huber));
        const double share = i < kJaw ? kJawWeight * kJawWeight : 1.0;
        out.squares += share * far * far;
        out.weights += share;
        ++out.points;
        const double f = m_camera.focal / c[2];
        Eigen::Matrix<double, 2, 3> slope;
        slope << f, 0, -f * c[0] / c[2], 0, f, -f * c[1] / c[2];
        slope *= w;
        Eigen::Matrix3d cross;
        const Eigen::Vector3d t = turned.col(at);
        cross << 0, -t[2], t[1], t[2], 0, -t[0], -t[1], t[0], 0;
        out.pose.block<2, 3>(2 * i, 0) = -slope * cross;
        out.pose.block<2, 3>(2 * i, 3) = slope;
        const Eigen::Matrix<double, 2, 3> onHead = slope * state.pose.rotation;
        out.expression.middleRows<2>(2 * i) = onHead * m_basis.expressions.middleRows<3>(3 * at);
        if (withIdentity)
            out.identity.middleRows<2>(2 * i) =
                onHead * m_basis.identities.middleRows<3>(3 * at);
        out.residual.segment<2>(2 * i) = w * r;
    }
    return out;
}

Eigen::Vector2d Fitter::project(const Eigen::Vector3d &c) const
{
    return {m_camera.centre.x + m_camera.focal * c[0] / c[2],
            m_camera.centre.y + m_camera.focal * c[1] / c[2]};
}

/// A jaw landmark lies on the bone (as a three-dimensional model places it) or, where the other
/// line stands out farther in the picture, on the outline (as people and most data sets do):
/// the nearer of the two is meant.
int Fitter::placeOf(int landmark, const Seen &seen, const Points &turned, const Pose &pose) const
{
    if (landmark >= kJaw)
        return landmark;
    const int other = kLandmarks + landmark;
    const auto at = [&](int i) { return project(turned.col(i) + pose.translation); };
    const Eigen::Vector2d bone = at(landmark), outline = at(other);
    const Eigen::Vector2d along =
        at(std::min(landmark + 1, kJaw - 1)) - at(std::max(landmark - 1, 0));
    Eigen::Vector2d outwards(along[1], -along[0]);
    if (outwards.dot(bone - at(30)) < 0) // away from the tip of the nose
        outwards = -outwards;
    const Eigen::Vector2d p = seen.points.col(landmark);
    const bool standsOut = outwards.dot(outline - bone) > 0;
    return standsOut && (p - outline).norm() < (p - bone).norm() ? other : landmark;
}

MatrixXd gram(const MatrixXd &a)
{
    MatrixXd out = MatrixXd::Zero(a.cols(), a.cols());
    out.selfadjointView<Eigen::Lower>().rankUpdate(a.transpose());
    out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
    return out;
}

Reduced reduced(const Linear &l, const VectorXd &strength)
{
    Reduced out;
    out.poseSystem = gram(l.pose);
    out.poseSystem.diagonal().array() *= 1.0 + 1e-6;
    const VectorXd target = l.residual + l.expression * strength;
    const MatrixXd cross = l.pose.transpose() * l.expression;
    const auto solver = out.poseSystem.ldlt();
    const MatrixXd shared = solver.solve(cross);
    out.hessian = gram(l.expression) - cross.transpose() * shared;
    out.gradient = l.expression.transpose() * target -
                   shared.transpose() * (l.pose.transpose() * target);
    return out;
}

} // namespace fw::person
