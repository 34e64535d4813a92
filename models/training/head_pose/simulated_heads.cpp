// SPDX-License-Identifier: GPL-3.0-or-later
#include "head_pose/simulated_heads.h"

#include "faces/alignment.h"
#include "faces/face_mesh.h"
#include "faces/head_pose.h"

#include <cmath>
#include <numbers>

namespace fw {

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;
constexpr double kMeanEyeCornersMm = 89.2;
constexpr int kActiveExpressions = 6;
constexpr double kMostStrength = 0.3;

} // namespace

std::vector<float> SimulatedHeads::person()
{
    std::vector<float> strengths(FaceShapes::kIdentities);
    for (float &s : strengths)
        s = float(normal());
    return strengths;
}

std::vector<float> SimulatedHeads::expression()
{
    std::vector<float> strengths(FaceShapes::kExpressions, 0.0f);
    for (int i = 0; i < kActiveExpressions; ++i)
        strengths[std::size_t(uniform(0, FaceShapes::kExpressions - 1e-9))] = float(uniform(0, kMostStrength));
    return strengths;
}

HeadModel SimulatedHeads::head(const std::vector<float> &person, const std::vector<float> &expression) const
{
    const FaceShapes::Points points = m_shapes.shape(person, expression);
    HeadModel head;
    for (std::size_t i = 0; i < head.size(); ++i)
        head[i] = cv::Vec3d(points[i]);
    return head;
}

HeadModel SimulatedHeads::knownTo(const HeadModel &head, double millimetres)
{
    HeadModel out = head;
    for (cv::Point3d &p : out)
        p += cv::Point3d(normal(), normal(), normal()) * millimetres;
    return out;
}

HeadPose SimulatedHeads::pose(double eyeCornersPixels)
{
    HeadPose pose;
    const double pitch = uniform(-15, 15), yaw = uniform(-30, 30), roll = uniform(-8, 8);
    pose.rotation = rotationOf({pitch * kDegree, yaw * kDegree, roll * kDegree});
    const double z = camera().focal * kMeanEyeCornersMm / eyeCornersPixels;
    pose.translation = {uniform(-0.1, 0.1) * z, uniform(-0.05, 0.05) * z, z};
    return pose;
}

cv::Matx33d SimulatedHeads::turn(double degrees)
{
    cv::Vec3d axis;
    do {
        axis = {normal(), normal(), normal()};
    } while (cv::norm(axis) < 1e-3);
    axis *= 1.0 / cv::norm(axis);
    const double a = degrees * kDegree;
    const cv::Matx33d k(0, -axis[2], axis[1], axis[2], 0, -axis[0], -axis[1], axis[0], 0);
    return cv::Matx33d::eye() + k * std::sin(a) + k * k * (1.0 - std::cos(a));
}

Landmarks68 SimulatedHeads::seen(const HeadModel &head, const HeadPose &pose)
{
    Landmarks68 points;
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = projected(pose, camera(), head[i]);
    return points;
}

Landmarks68 SimulatedHeads::spliced(const HeadModel &target, const HeadModel &source, const HeadPose &pose,
                                    const cv::Matx33d &error)
{
    HeadPose wrong = pose;
    wrong.rotation = pose.rotation * error;
    Landmarks68 points = seen(target, pose);
    const Landmarks68 other = seen(source, wrong);
    std::vector<cv::Point2d> from, to;
    for (std::size_t i = 17; i < points.size(); ++i) {
        from.emplace_back(other[i]);
        to.emplace_back(points[i]);
    }
    const auto over = fitSimilarity(from, to);
    for (std::size_t i = 17; over && i < points.size(); ++i)
        points[i] = over->map(other[i]);
    return points;
}

void SimulatedHeads::addNoise(Landmarks68 &points, double sigmaPixels)
{
    for (cv::Point2f &p : points)
        p += cv::Point2f(float(sigmaPixels * normal()), float(sigmaPixels * normal()));
}

std::array<cv::Point2f, 68> SimulatedHeads::habit(double sigmaPixels)
{
    std::array<cv::Point2f, 68> raw, out{};
    for (cv::Point2f &p : raw)
        p = {float(normal()), float(normal())};
    // A smooth line of offsets along each stroke of the face.
    constexpr float kShare = 0.8f;
    const float fresh = std::sqrt(1.0f - kShare * kShare);
    for (const FaceStroke &stroke : faceStrokes()) {
        for (int i = stroke.first; i <= stroke.last; ++i) {
            const std::size_t at = std::size_t(i);
            out[at] = i == stroke.first ? raw[at] : out[at - 1] * kShare + raw[at] * fresh;
        }
    }
    for (cv::Point2f &p : out)
        p *= float(sigmaPixels);
    return out;
}

} // namespace fw
