// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/mouth_motion.h"

#include <opencv2/imgproc.hpp>

#include <array>
#include <vector>

namespace fw {

namespace {

constexpr double kOpen = 0.06;      // gap of the inner lips in distances of the outer eye corners
constexpr int kFewestMouth = 60, kFewestCheek = 400; // px of the square
constexpr double kLeastFineness = 0.18; // seen on real clips: sharp ones 0.2 to 0.45, blurred by 2 % of the eye corners 0.12 to 0.16
constexpr double kCheekPart = 0.6;  // of the cheek's outline, about its middle
constexpr std::array<std::array<std::size_t, 4>, 2> kCheeks{{{1, 31, 48, 4}, {15, 35, 54, 12}}};

double gapOf(const Landmarks68 &points)
{
    return cv::norm(points[62] - points[66]) / eyeCornerDistance(points);
}

cv::Mat mouthOf(const Landmarks68 &points, const Similarity &toSquare)
{
    std::vector<cv::Point> inner;
    for (std::size_t i = 60; i < 68; ++i)
        inner.emplace_back(toSquare.map(points[i]));
    cv::Mat mask(kFaceFlowSide, kFaceFlowSide, CV_8UC1, cv::Scalar(0));
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{inner}, cv::Scalar(255));
    cv::erode(mask, mask, cv::Mat());
    return mask;
}

cv::Mat cheeksOf(const Landmarks68 &points, const Similarity &toSquare)
{
    cv::Mat mask(kFaceFlowSide, kFaceFlowSide, CV_8UC1, cv::Scalar(0));
    for (const auto &outline : kCheeks) {
        cv::Point2d middle(0, 0);
        for (const std::size_t i : outline)
            middle += toSquare.map(points[i]) * 0.25;
        std::vector<cv::Point> part;
        for (const std::size_t i : outline)
            part.emplace_back(middle + kCheekPart * (toSquare.map(points[i]) - middle));
        cv::fillConvexPoly(mask, part, cv::Scalar(255));
    }
    return mask;
}

/// How much of the detail coarser than half a lid is finer than a lash.
double finenessOf(const cv::Mat &square, const Landmarks68 &points, const Similarity &toSquare)
{
    std::vector<cv::Point2f> eyes;
    for (std::size_t i = 36; i < 48; ++i)
        eyes.emplace_back(toSquare.map(points[i]));
    const cv::Mat part = square(cv::boundingRect(eyes) & cv::Rect(0, 0, square.cols, square.rows));
    if (part.empty())
        return 0.0;
    cv::Mat fine, coarse, difference;
    cv::GaussianBlur(part, fine, {}, 1.5);
    cv::GaussianBlur(part, coarse, {}, 6.0);
    cv::absdiff(part, fine, difference);
    const double detail = cv::mean(difference)[0];
    cv::absdiff(part, coarse, difference);
    return detail / (cv::mean(difference)[0] + 1e-6);
}

} // namespace

std::optional<MouthMotion> mouthMotion(const FaceFlow &face, const Landmarks68 &pointsBefore, const Landmarks68 &points)
{
    if (!(gapOf(pointsBefore) >= kOpen && gapOf(points) >= kOpen))
        return std::nullopt;
    const cv::Mat mouth = mouthOf(points, face.toSquare), cheeks = cheeksOf(points, face.toSquare);
    if (cv::countNonZero(mouth) < kFewestMouth || cv::countNonZero(cheeks) < kFewestCheek
        || finenessOf(face.now, points, face.toSquare) < kLeastFineness)
        return std::nullopt;
    cv::Mat from(face.flow.size(), CV_32FC2), carried, change;
    for (int y = 0; y < from.rows; ++y)
        for (int x = 0; x < from.cols; ++x)
            from.at<cv::Vec2f>(y, x) = cv::Vec2f(float(x), float(y)) + face.flow.at<cv::Vec2f>(y, x);
    cv::remap(face.before, carried, from, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::absdiff(face.now, carried, change);
    return MouthMotion{float(cv::mean(change, mouth)[0]), float(cv::mean(change, cheeks)[0])};
}

} // namespace fw
