// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/detail_edits.h"

#include "faces/alignment.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fw::accuracy {

namespace {

cv::Mat innerMouth(cv::Size size, const Landmarks68 &points)
{
    std::vector<cv::Point> inner;
    for (std::size_t i = 60; i < 68; ++i)
        inner.emplace_back(points[i]);
    cv::Mat mask(size, CV_8UC1, cv::Scalar(0));
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{inner}, cv::Scalar(255));
    return mask;
}

cv::Mat replaced(const cv::Mat &grey, const Landmarks68 &points, const cv::Mat &inside)
{
    cv::Mat out = grey.clone(), bytes;
    inside.convertTo(bytes, CV_8U);
    bytes.copyTo(out, innerMouth(grey.size(), points));
    return out;
}

} // namespace

cv::Mat withOtherIris(const cv::Mat &grey, const FaceObservation &face, IrisEdit edit, const cv::Mat &otherGrey, const FaceObservation &other)
{
    const EyeObservation &eye = *face.eyeImageRight, &from = edit == IrisEdit::OfAnother ? *other.eyeImageRight : eye;
    const double scale = double(from.irisRadius) / double(eye.irisRadius);
    const double x = edit == IrisEdit::OfAnother ? scale : -scale, y = edit == IrisEdit::TurnedAround ? -scale : scale;
    const cv::Matx23d toSource(x, 0, double(from.iris.x) - x * double(eye.iris.x), 0, y, double(from.iris.y) - y * double(eye.iris.y));
    cv::Mat inside, disc(grey.size(), CV_8UC1, cv::Scalar(0)), out = grey.clone();
    cv::warpAffine(edit == IrisEdit::OfAnother ? otherGrey : grey, inside, toSource, grey.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REPLICATE);
    cv::circle(disc, cv::Point(eye.iris), int(std::lround(0.85 * double(eye.irisRadius))), cv::Scalar(255), cv::FILLED);
    inside.copyTo(out, disc);
    return out;
}

cv::Mat withNoisyMouth(const cv::Mat &grey, const Landmarks68 &points, double levels, cv::RNG &random)
{
    cv::Mat noise(grey.size(), CV_32FC1), inside;
    random.fill(noise, cv::RNG::NORMAL, 0.0, 1.0);
    cv::GaussianBlur(noise, noise, {}, std::max(0.8, eyeCornerDistance(points) / 100.0));
    cv::Scalar mean, deviation;
    cv::meanStdDev(noise, mean, deviation);
    grey.convertTo(inside, CV_32F);
    inside += noise * (levels / deviation[0]);
    return replaced(grey, points, inside);
}

cv::Mat withFlickeringMouth(const cv::Mat &grey, const Landmarks68 &points, double share, cv::RNG &random)
{
    return replaced(grey, points, grey * (1.0 + random.gaussian(share)));
}

cv::Mat withMouthOf(const cv::Mat &grey, const Landmarks68 &points, const cv::Mat &otherGrey, const Landmarks68 &otherPoints)
{
    const std::vector<cv::Point2d> from(otherPoints.begin() + 60, otherPoints.end()), to(points.begin() + 60, points.end());
    const auto there = fitSimilarity(from, to);
    if (!there)
        return grey.clone();
    cv::Mat inside;
    cv::warpAffine(otherGrey, inside, there->matrix(), grey.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return replaced(grey, points, inside);
}

} // namespace fw::accuracy
