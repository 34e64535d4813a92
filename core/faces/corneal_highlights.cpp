// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/corneal_highlights.h"

#include "base/numbers.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fw {

namespace {

constexpr int kRadius = 24, kSide = 2 * kRadius + 1; // px of an iris and of the square around it
constexpr double kLooked = 0.8;   // of the radius: the rim belongs to the sclera here and there
constexpr int kMostShift = 3;     // px
constexpr double kLeastRise = 50; // grey levels of the brightest part over the median
constexpr int kFewestLight = 6;   // px of highlight in one iris at least
constexpr double kLeastSeen = 0.5; // of the disc

struct Cornea
{
    cv::Mat seen, light; ///< CV_8UC1, 255 or 0
    int highlights = 0;  ///< px
};

int discArea()
{
    cv::Mat disc(kSide, kSide, CV_8UC1, cv::Scalar(0));
    cv::circle(disc, {kRadius, kRadius}, int(std::lround(kLooked * kRadius)), cv::Scalar(255), cv::FILLED);
    return cv::countNonZero(disc);
}

/// @param along  unit vector from the left iris to the right one.
Cornea corneaOf(const cv::Mat &grey, const EyeObservation &eye, const cv::Point2d &along)
{
    Similarity toSquare;
    const double scale = double(kRadius) / double(eye.irisRadius);
    toSquare.real = scale * along.x;
    toSquare.imaginary = -scale * along.y;
    toSquare.shift = cv::Point2d(kRadius, kRadius) - toSquare.map(cv::Point2d(eye.iris));
    cv::Mat square, smooth;
    cv::warpAffine(grey, square, toSquare.matrix(), {kSide, kSide}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::blur(square, smooth, {3, 3});

    Cornea out;
    std::vector<cv::Point> lids;
    for (const cv::Point2f &p : eye.lids)
        lids.emplace_back(toSquare.map(cv::Point2d(p)));
    out.seen = cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(0));
    cv::fillPoly(out.seen, std::vector<std::vector<cv::Point>>{lids}, cv::Scalar(255));
    cv::Mat disc(kSide, kSide, CV_8UC1, cv::Scalar(0));
    cv::circle(disc, {kRadius, kRadius}, int(std::lround(kLooked * kRadius)), cv::Scalar(255), cv::FILLED);
    cv::bitwise_and(out.seen, disc, out.seen);

    std::vector<uchar> greys;
    double brightest = 0;
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x)
            if (out.seen.at<uchar>(y, x)) {
                greys.push_back(square.at<uchar>(y, x));
                brightest = std::max(brightest, double(smooth.at<uchar>(y, x)));
            }
    out.light = cv::Mat(kSide, kSide, CV_8UC1, cv::Scalar(0));
    if (greys.empty())
        return out;
    std::nth_element(greys.begin(), greys.begin() + std::ptrdiff_t(greys.size() / 2), greys.end());
    const double usual = double(greys[greys.size() / 2]);
    if (brightest - usual < kLeastRise)
        return out;
    cv::threshold(square, out.light, 0.5 * (usual + brightest), 255, cv::THRESH_BINARY);
    cv::bitwise_and(out.light, out.seen, out.light);
    out.highlights = cv::countNonZero(out.light);
    return out;
}

cv::Mat moved(const cv::Mat &mask, int dx, int dy)
{
    cv::Mat out;
    cv::warpAffine(mask, out, cv::Matx23d(1, 0, dx, 0, 1, dy), mask.size(), cv::INTER_NEAREST, cv::BORDER_CONSTANT, cv::Scalar(0));
    return out;
}

} // namespace

std::optional<float> highlightAgreement(const cv::Mat &grey, const FaceObservation &face)
{
    const auto &left = face.eyeImageLeft, &right = face.eyeImageRight;
    if (!face.pose || !left || !right || !left->gaze || !right->gaze)
        return std::nullopt;
    const EulerAngles turn = eulerAngles(face.pose->rotation);
    const bool frontal = std::max(std::abs(turn.yawRadians), std::abs(turn.pitchRadians)) * kDegrees < kHighlightTurnDegrees;
    const cv::Point2d between = cv::Point2d(right->iris) - cv::Point2d(left->iris);
    const double distance = cv::norm(between);
    const bool large = left->irisRadius >= kHighlightIrisRadius && right->irisRadius >= kHighlightIrisRadius;
    if (!frontal || !large || !(distance > 2.0 * double(left->irisRadius)))
        return std::nullopt;
    const Cornea a = corneaOf(grey, *left, between / distance), b = corneaOf(grey, *right, between / distance);
    if (std::max(a.highlights, b.highlights) < kFewestLight)
        return std::nullopt;
    std::optional<double> best;
    for (int dy = -kMostShift; dy <= kMostShift; ++dy)
        for (int dx = -kMostShift; dx <= kMostShift; ++dx) {
            const cv::Mat seen = a.seen & moved(b.seen, dx, dy), light = moved(b.light, dx, dy);
            const int either = cv::countNonZero((a.light | light) & seen);
            if (cv::countNonZero(seen) < kLeastSeen * discArea() || either < kFewestLight)
                continue;
            best = std::max(best.value_or(0.0), double(cv::countNonZero(a.light & light & seen)) / either);
        }
    return best ? std::optional<float>(float(*best)) : std::nullopt;
}

} // namespace fw
