// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/demo/paste.h"

#include <opencv2/imgproc.hpp>

#include <vector>

namespace fw::render {
namespace {

constexpr int kInnerFirst = 17; // brows, nose, eyes, mouth: everything but the jaw line
constexpr double kEnlarge = 1.12;

cv::Mat hullMask(std::span<const cv::Point2d> points, cv::Size size, double enlarge)
{
    cv::Point2d middle;
    for (const cv::Point2d &p : points)
        middle += p * (1.0 / static_cast<double>(points.size()));
    std::vector<cv::Point> corners, hull;
    for (const cv::Point2d &p : points)
        corners.push_back(middle + enlarge * (p - middle));
    cv::convexHull(corners, hull);
    cv::Mat mask(size, CV_8U, cv::Scalar(0));
    cv::fillConvexPoly(mask, hull, cv::Scalar(255));
    return mask;
}

/// Gives `image` the mean and spread that `like` has inside the mask, channel by channel in Lab.
void matchColour(cv::Mat &image, const cv::Mat &like, const cv::Mat &mask)
{
    cv::Mat ours, theirs;
    image.convertTo(ours, CV_32F, 1 / 255.0);
    like.convertTo(theirs, CV_32F, 1 / 255.0);
    cv::cvtColor(ours, ours, cv::COLOR_BGR2Lab);
    cv::cvtColor(theirs, theirs, cv::COLOR_BGR2Lab);
    cv::Scalar ourMean, ourSpread, theirMean, theirSpread;
    cv::meanStdDev(ours, ourMean, ourSpread, mask);
    cv::meanStdDev(theirs, theirMean, theirSpread, mask);
    std::vector<cv::Mat> channels;
    cv::split(ours, channels);
    for (int c = 0; c < 3; ++c) {
        const double gain = std::clamp(theirSpread[c] / std::max(0.1, ourSpread[c]), 0.7, 1.4);
        channels[c] = (channels[c] - ourMean[c]) * gain + theirMean[c];
    }
    cv::merge(channels, ours);
    cv::cvtColor(ours, ours, cv::COLOR_Lab2BGR);
    ours.convertTo(image, CV_8U, 255);
}

} // namespace

cv::Matx23d similarityBetween(std::span<const cv::Point2d> from, std::span<const cv::Point2d> to)
{
    const double share = 1.0 / static_cast<double>(from.size());
    cv::Point2d fromMean, toMean;
    for (std::size_t i = 0; i < from.size(); ++i) {
        fromMean += from[i] * share;
        toMean += to[i] * share;
    }
    // In the plane the best turn and scale are one complex number.
    double real = 0, imaginary = 0, spread = 1e-12;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const cv::Point2d p = from[i] - fromMean, q = to[i] - toMean;
        real += p.x * q.x + p.y * q.y;
        imaginary += p.x * q.y - p.y * q.x;
        spread += p.x * p.x + p.y * p.y;
    }
    const double a = real / spread, b = imaginary / spread;
    return {a, -b, toMean.x - a * fromMean.x + b * fromMean.y,
            b, a,  toMean.y - b * fromMean.x - a * fromMean.y};
}

void pasteInnerFace(const cv::Mat &source, const std::array<cv::Point2d, 68> &sourcePoints,
                    cv::Mat &target, const std::array<cv::Point2d, 68> &targetPoints)
{
    const std::span<const cv::Point2d> from = std::span(sourcePoints).subspan(kInnerFirst);
    const std::span<const cv::Point2d> to = std::span(targetPoints).subspan(kInnerFirst);
    const cv::Matx23d map = similarityBetween(from, to);
    cv::Mat moved;
    cv::warpAffine(source, moved, map, target.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    std::vector<cv::Point2d> landed;
    for (const cv::Point2d &p : from)
        landed.push_back({map(0, 0) * p.x + map(0, 1) * p.y + map(0, 2),
                          map(1, 0) * p.x + map(1, 1) * p.y + map(1, 2)});
    // Only where both faces have their inner part, so that no background is carried along.
    cv::Mat mask =
        hullMask(landed, target.size(), kEnlarge) & hullMask(to, target.size(), kEnlarge);
    matchColour(moved, target, mask);

    const double feather = 0.045 * cv::norm(targetPoints[36] - targetPoints[45]);
    const int bite = 2 * cvRound(feather) + 1;
    cv::erode(mask, mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {bite, bite}));
    cv::GaussianBlur(mask, mask, cv::Size(), feather);
    for (int y = 0; y < target.rows; ++y) {
        for (int x = 0; x < target.cols; ++x) {
            const float share = mask.at<std::uint8_t>(y, x) / 255.0f;
            if (share == 0)
                continue;
            cv::Vec3b &pixel = target.at<cv::Vec3b>(y, x);
            pixel = cv::Vec3f(pixel) * (1 - share) + cv::Vec3f(moved.at<cv::Vec3b>(y, x)) * share;
        }
    }
}

} // namespace fw::render
