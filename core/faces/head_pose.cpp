// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/head_pose.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kLeastPoints = 6;
constexpr int kMostRounds = 60;
constexpr double kMostTurnDegrees = 60.0;

struct Pair
{
    cv::Vec3d head;
    cv::Vec2d image;
};

std::vector<Pair> seenPairs(const Landmarks68 &points, const HeadModel &model,
                            std::span<const int> use)
{
    std::vector<Pair> pairs;
    pairs.reserve(use.size());
    for (int i : use) {
        const cv::Point2f &p = points[std::size_t(i)];
        const cv::Point3d &h = model[std::size_t(i)];
        if (std::isfinite(p.x) && std::isfinite(p.y))
            pairs.push_back({{h.x, h.y, h.z}, {p.x, p.y}});
    }
    return pairs;
}

cv::Matx33d rotationAbout(const cv::Vec3d &axisAngle)
{
    const double angle = cv::norm(axisAngle);
    const cv::Matx33d k(0, -axisAngle[2], axisAngle[1], axisAngle[2], 0, -axisAngle[0],
                        -axisAngle[1], axisAngle[0], 0);
    const double a = angle < 1e-8 ? 1.0 : std::sin(angle) / angle;
    const double b = angle < 1e-8 ? 0.5 : (1.0 - std::cos(angle)) / (angle * angle);
    return cv::Matx33d::eye() + k * a + k * k * b;
}

/// Sum of squared residuals; not finite when a point is not in front of the camera.
double costOf(const std::vector<Pair> &pairs, const Camera &camera, const cv::Matx33d &r,
              const cv::Vec3d &t)
{
    double cost = 0;
    for (const Pair &pair : pairs) {
        const cv::Vec3d c = r * pair.head + t;
        if (!(c[2] > 1e-6))
            return std::numeric_limits<double>::infinity();
        const cv::Point2d p = camera.project(c);
        const double dx = p.x - pair.image[0], dy = p.y - pair.image[1];
        cost += dx * dx + dy * dy;
    }
    return cost;
}

using Normal = cv::Matx<double, 6, 6>;
using Step = cv::Matx<double, 6, 1>;

/// Gauss-Newton system for a small turn about the camera's axes followed by a small shift.
void buildNormal(const std::vector<Pair> &pairs, const Camera &camera, const cv::Matx33d &r,
                 const cv::Vec3d &t, Normal &normal, Step &gradient)
{
    normal = Normal::zeros();
    gradient = Step::zeros();
    for (const Pair &pair : pairs) {
        const cv::Vec3d turned = r * pair.head;
        const cv::Vec3d c = turned + t;
        const double iz = 1.0 / c[2];
        const cv::Point2d p = camera.project(c);
        const double residual[2] = {p.x - pair.image[0], p.y - pair.image[1]};
        // Rows of d(pixel)/d(camera point); the turn's part is their cross product with the
        // turned point, because d(turned) = w x turned.
        const cv::Vec3d rows[2] = {{camera.focal * iz, 0, -camera.focal * c[0] * iz * iz},
                                   {0, camera.focal * iz, -camera.focal * c[1] * iz * iz}};
        for (int k = 0; k < 2; ++k) {
            const cv::Vec3d turn = turned.cross(rows[k]);
            const double j[6] = {turn[0], turn[1], turn[2], rows[k][0], rows[k][1], rows[k][2]};
            for (int a = 0; a < 6; ++a) {
                gradient(a) += j[a] * residual[k];
                for (int b = a; b < 6; ++b)
                    normal(a, b) += j[a] * j[b];
            }
        }
    }
    for (int a = 0; a < 6; ++a)
        for (int b = 0; b < a; ++b)
            normal(a, b) = normal(b, a);
}

/// Cholesky; false when the matrix is not positive definite.
bool solve(Normal a, const Step &right, Step &x)
{
    for (int j = 0; j < 6; ++j) {
        for (int k = 0; k < j; ++k)
            a(j, j) -= a(j, k) * a(j, k);
        if (!(a(j, j) > 0))
            return false;
        a(j, j) = std::sqrt(a(j, j));
        for (int i = j + 1; i < 6; ++i) {
            for (int k = 0; k < j; ++k)
                a(i, j) -= a(i, k) * a(j, k);
            a(i, j) /= a(j, j);
        }
    }
    for (int i = 0; i < 6; ++i) {
        x(i) = right(i);
        for (int k = 0; k < i; ++k)
            x(i) -= a(i, k) * x(k);
        x(i) /= a(i, i);
    }
    for (int i = 5; i >= 0; --i) {
        for (int k = i + 1; k < 6; ++k)
            x(i) -= a(k, i) * x(k);
        x(i) /= a(i, i);
    }
    return true;
}

/// Levenberg-Marquardt. It finds the minimum that cv::solvePnP finds from the same start, in about
/// a tenth of the time, which the noise bands (hundreds of fits per frame) need.
Result<HeadPose> refine(const std::vector<Pair> &pairs, const Camera &camera, cv::Matx33d r,
                        cv::Vec3d t)
{
    double cost = costOf(pairs, camera, r, t);
    double damping = 1e-6;
    for (int round = 0; round < kMostRounds && std::isfinite(cost); ++round) {
        Normal normal;
        Step gradient, step;
        buildNormal(pairs, camera, r, t, normal, gradient);
        bool better = false;
        double gained = 0;
        while (!better && damping < 1e12) {
            Normal damped = normal;
            for (int i = 0; i < 6; ++i)
                damped(i, i) *= 1.0 + damping;
            if (!solve(damped, gradient, step))
                return fail(Errc::BadData, u"the points do not determine a head pose"_s);
            const cv::Vec3d turn(-step(0), -step(1), -step(2));
            const cv::Vec3d shift(-step(3), -step(4), -step(5));
            const cv::Matx33d nextR = rotationAbout(turn) * r;
            const cv::Vec3d nextT = t + shift;
            const double next = costOf(pairs, camera, nextR, nextT);
            if (next <= cost) {
                gained = cost - next;
                r = nextR;
                t = nextT;
                cost = next;
                damping = std::max(damping * 0.1, 1e-12);
                better = true;
            } else {
                damping *= 10.0;
            }
        }
        const double moved = std::hypot(cv::norm(cv::Vec3d(step(0), step(1), step(2))),
                                        cv::norm(cv::Vec3d(step(3), step(4), step(5))) / t[2]);
        if (!better || moved < 1e-10 || gained < 1e-14 * cost)
            break;
    }
    if (!std::isfinite(cost) || t[2] <= 0)
        return fail(Errc::BadData, u"the head would lie behind the camera"_s);
    HeadPose pose;
    // Many small turns leave the last digits of orthogonality behind; Euler angles and back mends
    // it.
    pose.rotation = rotationOf(eulerAngles(r));
    pose.translation = t;
    pose.rmsPixels = std::sqrt(cost / double(pairs.size()));
    return pose;
}

} // namespace

Result<HeadPose> fitHeadPose(const Landmarks68 &points, const Camera &camera,
                             const HeadModel &model, std::span<const int> use)
{
    const std::vector<Pair> pairs = seenPairs(points, model, use);
    if (int(pairs.size()) < kLeastPoints)
        return fail(Errc::BadData, u"fewer than 6 points are seen"_s);

    cv::Vec3d headMean(0, 0, 0);
    cv::Vec2d imageMean(0, 0);
    for (const Pair &pair : pairs) {
        headMean += pair.head * (1.0 / double(pairs.size()));
        imageMean += pair.image * (1.0 / double(pairs.size()));
    }
    // Weak perspective: the 2 x 3 matrix that maps centred head points to centred pixels.
    cv::Matx33d moments = cv::Matx33d::zeros();
    cv::Matx23d cross = cv::Matx23d::zeros();
    for (const Pair &pair : pairs) {
        const cv::Vec3d h = pair.head - headMean;
        const cv::Vec2d p = pair.image - imageMean;
        moments += h * h.t();
        cross += p * h.t();
    }
    bool invertible = false;
    const cv::Matx33d inverse = moments.inv(cv::DECOMP_CHOLESKY, &invertible);
    const cv::Matx23d map = cross * inverse;
    const cv::Vec3d first(map(0, 0), map(0, 1), map(0, 2));
    const cv::Vec3d second(map(1, 0), map(1, 1), map(1, 2));
    const double lengthFirst = cv::norm(first), lengthSecond = cv::norm(second);
    if (!invertible || !(lengthFirst > 1e-9) || !(lengthSecond > 1e-9))
        return fail(Errc::BadData, u"the points do not determine a head pose"_s);

    // Both rows give way equally until they stand at a right angle.
    const cv::Vec3d a = first / lengthFirst, b = second / lengthSecond;
    const cv::Vec3d sum = a + b, difference = a - b;
    if (cv::norm(sum) < 1e-9 || cv::norm(difference) < 1e-9)
        return fail(Errc::BadData, u"the points do not determine a head pose"_s);
    const cv::Vec3d s = sum / cv::norm(sum), d = difference / cv::norm(difference);
    const cv::Vec3d x = (s + d) * std::sqrt(0.5), y = (s - d) * std::sqrt(0.5), z = x.cross(y);
    const cv::Matx33d r(x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]);

    const double depth = camera.focal / (0.5 * (lengthFirst + lengthSecond));
    const cv::Vec3d t = cv::Vec3d((imageMean[0] - camera.centre.x) * depth / camera.focal,
                                  (imageMean[1] - camera.centre.y) * depth / camera.focal, depth) -
                        r * headMean;
    return refine(pairs, camera, r, t);
}

Result<HeadPose> fitHeadPoseOfUnknownLens(const Landmarks68 &points, const Camera &assumed)
{
    auto pose = fitHeadPose(points, assumed);
    if (!pose || pose->translation[2] >= kNearestFace)
        return pose;
    // A longer lens shows the head larger, so that it moves away by less than the lens grows: twice is near.
    Camera longer = assumed;
    for (int round = 0; round < 2 && pose; ++round) {
        longer.focal *= kNearestFace / pose->translation[2];
        pose = fitHeadPose(points, longer);
    }
    if (pose)
        pose->translation[2] *= assumed.focal / longer.focal;
    return pose;
}

Result<HeadPose> refineHeadPose(const HeadPose &start, const Landmarks68 &points,
                                const Camera &camera, const HeadModel &model,
                                std::span<const int> use)
{
    const std::vector<Pair> pairs = seenPairs(points, model, use);
    if (int(pairs.size()) < kLeastPoints)
        return fail(Errc::BadData, u"fewer than 6 points are seen"_s);
    auto pose = refine(pairs, camera, start.rotation, start.translation);
    if (pose) {
        const cv::Matx33d turn = pose->rotation * start.rotation.t();
        const double angle = std::acos(std::clamp((cv::trace(turn) - 1.0) / 2.0, -1.0, 1.0));
        if (angle * 180.0 / CV_PI > kMostTurnDegrees)
            return fail(Errc::BadData, u"the fit turned more than 60 degrees from its start"_s);
    }
    return pose;
}

double facingAngle(const HeadPose &a, const HeadPose &b)
{
    // From the chord: acos loses half of the digits at the small angles that matter here.
    const double chord = cv::norm(a.facing() - b.facing());
    return 2.0 * std::asin(std::min(1.0, chord / 2.0));
}

cv::Vec3d toCamera(const HeadPose &pose, const cv::Point3d &onHead)
{
    return pose.rotation * cv::Vec3d(onHead.x, onHead.y, onHead.z) + pose.translation;
}

cv::Point2d projected(const HeadPose &pose, const Camera &camera, const cv::Point3d &onHead)
{
    return camera.project(toCamera(pose, onHead));
}

} // namespace fw
