// SPDX-License-Identifier: GPL-3.0-or-later
#include "inner_landmarks.h"

#include "faces/face_crop.h"

#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kFirstInner = 17;
constexpr float kGrow = 1.15f;     ///< of the hull about its middle
constexpr double kSoftEdge = 0.04; ///< of the distance between the eye corners

} // namespace

cv::Mat withoutOuterFace(const cv::Mat &square, const Landmarks68 &points)
{
    cv::Point2f middle(0, 0);
    for (std::size_t i = kFirstInner; i < points.size(); ++i)
        middle += points[i] * (1.0f / float(points.size() - kFirstInner));
    std::vector<cv::Point> grown, hull;
    for (std::size_t i = kFirstInner; i < points.size(); ++i)
        grown.emplace_back(middle + (points[i] - middle) * kGrow);
    cv::convexHull(grown, hull);
    cv::Mat mask = cv::Mat::zeros(square.size(), CV_8UC1), soft;
    cv::fillConvexPoly(mask, hull, 255);
    const double inside = cv::mean(square, mask)[0];
    mask.convertTo(soft, CV_32F, 1.0 / 255.0);
    cv::GaussianBlur(soft, soft, {}, std::max(0.5, kSoftEdge * eyeCornerDistance(points)));
    cv::Mat out = (square - inside).mul(soft);
    cv::Scalar mean, deviation;
    cv::meanStdDev(out, mean, deviation);
    return (out - mean[0]) / std::max(1e-6, deviation[0]);
}

Result<std::unique_ptr<InnerLandmarks>> InnerLandmarks::load(const QString &path, const QString &sha256)
{
    auto network = Network::load(path, sha256);
    if (!network)
        return Failure{network.error()};
    return std::unique_ptr<InnerLandmarks>(new InnerLandmarks(std::move(*network)));
}

Result<Landmarks68> InnerLandmarks::place(const cv::Mat &bgr, const Landmarks68 &known)
{
    const auto toCrop = faceCropOf(known);
    if (!toCrop || bgr.empty())
        return fail(Errc::BadData, u"the points are no face"_s);
    // Only the face is turned grey, with room for the square's corners.
    const Similarity back = toCrop->inverse();
    cv::Rect2d around(back.map({0, 0}), cv::Size2d(0, 0));
    for (const cv::Point2d &corner : {cv::Point2d(kFaceCropSide, 0), {0, kFaceCropSide}, {kFaceCropSide, kFaceCropSide}})
        around |= cv::Rect2d(back.map(corner), cv::Size2d(1e-3, 1e-3));
    const cv::Rect part = cv::Rect(int(around.x) - 4, int(around.y) - 4, int(around.width) + 8, int(around.height) + 8)
        & cv::Rect(0, 0, bgr.cols, bgr.rows);
    if (part.empty())
        return fail(Errc::BadData, u"the face lies outside of the picture"_s);
    cv::Mat grey;
    if (bgr.channels() == 3)
        cv::cvtColor(bgr(part), grey, cv::COLOR_BGR2GRAY);
    else
        grey = bgr(part);
    Similarity fromPart = *toCrop; // frame = part + its corner
    fromPart.shift = toCrop->map(cv::Point2d(part.tl()));
    Landmarks68 inSquare;
    for (std::size_t i = 0; i < known.size(); ++i)
        inSquare[i] = toCrop->map(known[i]);
    const cv::Mat input = withoutOuterFace(standardisedCrop(grey, fromPart, {kFaceCropSide, kFaceCropSide}), inSquare);
    const auto output = m_network->forward(std::span(&input, 1));
    if (!output)
        return Failure{output.error()};
    const std::vector<float> &v = output->front().values;
    if (v.size() < 2 * known.size())
        return fail(Errc::BadData, u"the landmark network gives other numbers than it should"_s);
    Landmarks68 placed;
    constexpr double half = 0.5 * kFaceCropSide;
    for (std::size_t i = 0; i < placed.size(); ++i)
        placed[i] = cv::Point2f(back.map({half * (1 + double(v[2 * i])), half * (1 + double(v[2 * i + 1]))}));
    return placed;
}

} // namespace fw
