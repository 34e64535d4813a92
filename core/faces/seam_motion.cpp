// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/seam_motion.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kRingFrom = 0.08, kRingTo = 0.2; // outside the hull, in distances of the outer eye corners
constexpr int kStep = 2;                          // px between the places that are looked at
constexpr float kLeastDetail = 12.0f;             // grey levels of gradient for flow to be known
constexpr std::size_t kFewest = 200;              // places on either side
constexpr int kRounds = 3;                        // of the fit, which forgets what deviates

struct Place
{
    cv::Vec3f at; ///< 1, x, y
    cv::Vec2f flow;
};

double median(std::vector<float> values)
{
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return double(*middle);
}

std::vector<float> deviations(const std::vector<Place> &places, const cv::Matx<float, 3, 2> &motion)
{
    std::vector<float> out;
    out.reserve(places.size());
    for (const Place &p : places) {
        const cv::Vec2f d = p.flow - (motion.t() * p.at);
        out.push_back(std::hypot(d[0], d[1]));
    }
    return out;
}

cv::Matx<float, 3, 2> affineMotion(const std::vector<Place> &places)
{
    cv::Matx<float, 3, 2> motion = cv::Matx<float, 3, 2>::zeros();
    std::vector<float> weights(places.size(), 1.0f);
    for (int round = 0; round < kRounds; ++round) {
        cv::Matx33d a = cv::Matx33d::zeros();
        cv::Matx<double, 3, 2> b = cv::Matx<double, 3, 2>::zeros();
        for (std::size_t i = 0; i < places.size(); ++i) {
            const cv::Vec3d x = places[i].at;
            const cv::Vec2d y = places[i].flow;
            a += double(weights[i]) * x * x.t();
            b += double(weights[i]) * x * y.t();
        }
        motion = a.solve(b, cv::DECOMP_CHOLESKY);
        const std::vector<float> off = deviations(places, motion);
        const float usual = float(std::max(0.02, 2.0 * median(off)));
        for (std::size_t i = 0; i < places.size(); ++i)
            weights[i] = 1.0f / (1.0f + (off[i] / usual) * (off[i] / usual));
    }
    return motion;
}

} // namespace

std::optional<SeamMotion> seamMotion(const FaceFlow &face, const Landmarks68 &points)
{
    std::vector<cv::Point> inner, hull;
    for (std::size_t i = 17; i < 68; ++i)
        inner.emplace_back(face.toSquare.map(points[i]));
    cv::convexHull(inner, hull);
    cv::Mat outside(kFaceFlowSide, kFaceFlowSide, CV_8UC1, cv::Scalar(255)), distance;
    cv::fillConvexPoly(outside, hull, cv::Scalar(0));
    cv::distanceTransform(outside, distance, cv::DIST_L2, 3);
    const double corners = eyeCornerDistance(points) * face.toSquare.scale();

    cv::Mat dx, dy;
    cv::Sobel(face.now, dx, CV_32F, 1, 0);
    cv::Sobel(face.now, dy, CV_32F, 0, 1);
    std::vector<Place> inside, around;
    for (int y = 0; y < kFaceFlowSide; y += kStep)
        for (int x = 0; x < kFaceFlowSide; x += kStep) {
            if (std::abs(dx.at<float>(y, x)) + std::abs(dy.at<float>(y, x)) < kLeastDetail)
                continue;
            const double away = double(distance.at<float>(y, x)) / corners;
            const Place place{{1.0f, float(x - kFaceFlowSide / 2) / kFaceFlowSide, float(y - kFaceFlowSide / 2) / kFaceFlowSide},
                              face.flow.at<cv::Vec2f>(y, x)};
            if (away == 0.0)
                inside.push_back(place);
            else if (away >= kRingFrom && away <= kRingTo)
                around.push_back(place);
        }
    if (inside.size() < kFewest || around.size() < kFewest)
        return std::nullopt;
    const auto motion = affineMotion(inside);
    return SeamMotion{float(median(deviations(inside, motion)) / corners), float(median(deviations(around, motion)) / corners)};
}

} // namespace fw
