// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/own_head.h"

#include "faces/alignment.h"
#include "faces/head_pose.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <Eigen/SVD>

#include <cmath>

namespace fw {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
constexpr int kHeadIdentities = int(FaceShapes::kIdentities);

constexpr std::array<int, 38> kWhole = [] {
    std::array<int, 38> points{};
    for (int i = 0; i < 36; ++i)
        points[std::size_t(i)] = i;
    points[36] = 48;
    points[37] = 54;
    return points;
}();

constexpr std::array<int, 21> kCentral = [] {
    std::array<int, 21> points{};
    for (int i = 0; i < 19; ++i)
        points[std::size_t(i)] = 17 + i;
    points[19] = 48;
    points[20] = 54;
    return points;
}();

HeadModel headOf(const FaceShapes &shapes, const VectorXd &identity)
{
    HeadModel head;
    for (std::size_t i = 0; i < head.size(); ++i) {
        cv::Vec3d p = shapes.neutral[i];
        for (int k = 0; k < kHeadIdentities; ++k)
            p += identity[k] * cv::Vec3d(shapes.identities[std::size_t(k)][i]);
        head[i] = p;
    }
    return head;
}

/// One view's part of the system for the identity, its pose projected out; in units of the noise.
struct View
{
    MatrixXd identity; ///< 2n x 40
    VectorXd residual; ///< 2n
    double squares = 0.0; ///< px
    int points = 0;
};

View viewOf(const FaceShapes &shapes, const Camera &camera, const HeadModel &head, const HeadPose &pose,
            const Landmarks68 &seen, std::span<const int> use, double sigma)
{
    View out;
    const Eigen::Index rows = 2 * Eigen::Index(use.size());
    MatrixXd motion = MatrixXd::Zero(rows, 6);
    out.identity.setZero(rows, kHeadIdentities);
    out.residual.setZero(rows);
    Eigen::Index row = 0;
    for (const int i : use) {
        const cv::Point2f &p = seen[std::size_t(i)];
        if (!std::isfinite(p.x) || !std::isfinite(p.y)) {
            row += 2;
            continue;
        }
        const cv::Vec3d turned = pose.rotation * cv::Vec3d(head[std::size_t(i)]);
        const cv::Vec3d c = turned + pose.translation;
        const cv::Point2d at = camera.project(c);
        const double f = camera.focal / c[2] / sigma;
        const cv::Vec3d slopes[2] = {{f, 0, -f * c[0] / c[2]}, {0, f, -f * c[1] / c[2]}};
        const double r[2] = {(double(p.x) - at.x) / sigma, (double(p.y) - at.y) / sigma};
        for (int k = 0; k < 2; ++k, ++row) {
            const cv::Vec3d turn = turned.cross(slopes[k]);
            motion.row(row) << turn[0], turn[1], turn[2], slopes[k][0], slopes[k][1], slopes[k][2];
            const cv::Vec3d onHead = pose.rotation.t() * slopes[k];
            for (int m = 0; m < kHeadIdentities; ++m)
                out.identity(row, m) = onHead.dot(cv::Vec3d(shapes.identities[std::size_t(m)][std::size_t(i)]));
            out.residual[row] = r[k];
            out.squares += r[k] * r[k] * sigma * sigma;
        }
        ++out.points;
    }
    MatrixXd gram = motion.transpose() * motion;
    gram.diagonal().array() *= 1.0 + 1e-9;
    const auto solver = gram.ldlt();
    out.identity -= motion * solver.solve(motion.transpose() * out.identity);
    out.residual -= motion * solver.solve(motion.transpose() * out.residual);
    return out;
}

} // namespace

std::span<const int> wholeFacePoints()
{
    return kWhole;
}

std::span<const int> centralFacePoints()
{
    return kCentral;
}

Result<OwnHead> fitOwnHead(const FaceShapes &shapes, const Camera &camera, std::span<const Landmarks68> views,
                           std::span<const int> use, const OwnHeadOptions &options)
{
    VectorXd identity = VectorXd::Zero(kHeadIdentities);
    OwnHead found;
    for (int round = 0; round <= options.rounds; ++round) {
        found.points = headOf(shapes, identity);
        found.views = 0;
        MatrixXd system = MatrixXd::Identity(kHeadIdentities, kHeadIdentities);
        VectorXd right = VectorXd::Zero(kHeadIdentities);
        double squares = 0.0;
        int points = 0;
        for (const Landmarks68 &seen : views) {
            const auto pose = fitHeadPose(seen, camera, found.points, use);
            const double eyes = eyeCornerDistance(seen);
            if (!pose || !(eyes > 0))
                continue;
            const View view = viewOf(shapes, camera, found.points, *pose, seen, use, options.landmarkShare * eyes);
            system += view.identity.transpose() * view.identity;
            right += view.identity.transpose() * (view.residual + view.identity * identity);
            squares += view.squares;
            points += view.points;
            ++found.views;
        }
        if (found.views == 0)
            return fail(Errc::BadData, QStringLiteral("no view of the head can be used"));
        found.rmsPixels = std::sqrt(squares / double(points));
        if (round < options.rounds) // the last pass only measures what the head leaves
            identity = system.llt().solve(right);
    }
    found.identity.resize(std::size_t(kHeadIdentities));
    for (int k = 0; k < kHeadIdentities; ++k)
        found.identity[std::size_t(k)] = float(identity[k]);
    return found;
}

double meanDistanceMm(const HeadModel &a, const HeadModel &b)
{
    Eigen::Matrix<double, 3, 68> from, to;
    for (std::size_t i = 0; i < a.size(); ++i) {
        from.col(Eigen::Index(i)) << a[i].x, a[i].y, a[i].z;
        to.col(Eigen::Index(i)) << b[i].x, b[i].y, b[i].z;
    }
    from.colwise() -= Eigen::Vector3d(from.rowwise().mean());
    to.colwise() -= Eigen::Vector3d(to.rowwise().mean());
    const Eigen::Matrix3d cross = to * from.transpose();
    const Eigen::JacobiSVD<Eigen::Matrix3d> svd(cross, Eigen::ComputeFullU | Eigen::ComputeFullV);
    Eigen::Matrix3d flip = Eigen::Matrix3d::Identity();
    flip(2, 2) = (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0 ? -1.0 : 1.0;
    return (to - svd.matrixU() * flip * svd.matrixV().transpose() * from).colwise().norm().mean();
}

} // namespace fw
