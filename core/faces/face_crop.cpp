// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/face_crop.h"

#include "faces/head_model.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kBoxMillimetres = 150.0; ///< what a face detector's box shows of a mean head
constexpr double kBoxCentreDown = 6.0;    ///< its centre below the centroid of the points, mm
constexpr double kMoved = 2.0;       ///< px of the square by which a corner moves when a face does
constexpr double kLeastInside = 0.05; ///< of the wanted square, when nothing moves

cv::Size2d extentInFrame(const Similarity &toCrop, cv::Size size)
{
    const double scale = toCrop.scale();
    return {size.width / scale, size.height / scale};
}

} // namespace

const Landmarks68 &faceCropTemplate()
{
    static const Landmarks68 points = [] {
        Landmarks68 p;
        const HeadModel &head = neutralHead();
        for (std::size_t i = 0; i < p.size(); ++i) {
            p[i] = {float(0.5 * kFaceCropSide + kFaceCropPixelsPerMillimetre * head[i].x),
                    float(0.5 * kFaceCropSide + kFaceCropPixelsPerMillimetre * head[i].y)};
        }
        return p;
    }();
    return points;
}

std::optional<Similarity> faceCropOf(const Landmarks68 &points)
{
    std::array<cv::Point2d, 68> from, to;
    for (std::size_t i = 0; i < points.size(); ++i) {
        from[i] = points[i];
        to[i] = faceCropTemplate()[i];
    }
    return fitSimilarity(from, to);
}

std::optional<Similarity> firmFaceCropOf(const Landmarks68 &points)
{
    constexpr std::array<std::size_t, 13> kFirm{27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 39, 42, 45};
    std::array<cv::Point2d, kFirm.size()> from, to;
    for (std::size_t i = 0; i < kFirm.size(); ++i) {
        from[i] = points[kFirm[i]];
        to[i] = faceCropTemplate()[kFirm[i]];
    }
    return fitSimilarity(from, to);
}

Similarity faceCropOf(const cv::Rect2f &box)
{
    Similarity s;
    s.real = kFaceCropPixelsPerMillimetre * kBoxMillimetres / double(box.width);
    const double centreX = double(box.x) + 0.5 * double(box.width);
    const double centreY = double(box.y) + 0.5 * double(box.height) -
                           kBoxCentreDown * double(box.width) / kBoxMillimetres;
    s.shift = {0.5 * kFaceCropSide - s.real * centreX, 0.5 * kFaceCropSide - s.real * centreY};
    return s;
}

double squareMotion(const Similarity &from, const Similarity &to)
{
    const Similarity back = from.inverse();
    double most = 0;
    for (const cv::Point2d &corner : {cv::Point2d(0, 0), cv::Point2d(kFaceCropSide, 0), cv::Point2d(0, kFaceCropSide),
                                      cv::Point2d(kFaceCropSide, kFaceCropSide)})
        most = std::max(most, cv::norm(to.map(back.map(corner)) - corner));
    return most;
}

Similarity steadied(const Similarity &wanted, const Similarity &last)
{
    const double most = squareMotion(last, wanted);
    const double share = std::clamp(most * most / (kMoved * kMoved), kLeastInside, 1.0);
    Similarity out = wanted;
    out.real = last.real + share * (wanted.real - last.real);
    out.imaginary = last.imaginary + share * (wanted.imaginary - last.imaginary);
    out.shift = last.shift + share * (wanted.shift - last.shift);
    return out;
}

cv::Rect2f faceSquareOf(const Similarity &toCrop)
{
    const cv::Point2d centre = toCrop.inverse().map({0.5 * kFaceCropSide, 0.5 * kFaceCropSide});
    const double side = kFaceCropPixelsPerMillimetre * kBoxMillimetres / toCrop.scale();
    const double down = kBoxCentreDown / kBoxMillimetres * side;
    return {float(centre.x - 0.5 * side), float(centre.y + down - 0.5 * side), float(side),
            float(side)};
}

const std::array<int, 68> &mirroredLandmarks()
{
    static const std::array<int, 68> index = [] {
        std::array<int, 68> m{};
        const auto pair = [&](int a, int b) {
            m[std::size_t(a)] = b;
            m[std::size_t(b)] = a;
        };
        for (int i = 0; i <= 8; ++i)
            pair(i, 16 - i);
        for (int i = 17; i <= 21; ++i)
            pair(i, 43 - i);
        for (int i = 27; i <= 30; ++i)
            pair(i, i);
        for (int i = 31; i <= 33; ++i)
            pair(i, 66 - i);
        for (const auto &[a, b] : {std::pair{36, 45}, {37, 44}, {38, 43}, {39, 42}, {40, 47},
                                   {41, 46}, {48, 54}, {49, 53}, {50, 52}, {51, 51}, {55, 59},
                                   {56, 58}, {57, 57}, {60, 64}, {61, 63}, {62, 62}, {65, 67},
                                   {66, 66}})
            pair(a, b);
        return m;
    }();
    return index;
}

cv::Mat standardised(const cv::Mat &part)
{
    cv::Scalar mean, deviation;
    cv::meanStdDev(part, mean, deviation);
    cv::Mat out;
    const double gain = deviation[0] > 1.0 ? 1.0 / deviation[0] : 0.0;
    part.convertTo(out, CV_32F, gain, -gain * mean[0]);
    return out;
}

cv::Mat standardisedCrop(const cv::Mat &grey, const Similarity &toCrop, cv::Size size)
{
    cv::Mat part;
    const double scale = toCrop.scale();
    if (scale >= 0.6) {
        cv::warpAffine(grey, part, toCrop.matrix(), size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
        return standardised(part);
    }
    // Average the neighbourhood down first, to between one and two pixels for one of the part.
    const cv::Size2d extent = extentInFrame(toCrop, size);
    const cv::Point2d centre =
        toCrop.inverse().map({0.5 * (size.width - 1), 0.5 * (size.height - 1)});
    const double reach = 0.5 * std::hypot(extent.width, extent.height) + 2.0;
    const cv::Rect around =
        cv::Rect(cv::Point(int(std::floor(centre.x - reach)), int(std::floor(centre.y - reach))),
                 cv::Point(int(std::ceil(centre.x + reach)), int(std::ceil(centre.y + reach)))) &
        cv::Rect(0, 0, grey.cols, grey.rows);
    if (around.area() < 4)
        return cv::Mat::zeros(size, CV_32FC1);
    const cv::Size smaller(std::max(1, cvRound(around.width * scale * 1.4)),
                           std::max(1, cvRound(around.height * scale * 1.4)));
    cv::Mat averaged;
    cv::resize(grey(around), averaged, smaller, 0, 0, cv::INTER_AREA);
    const double fx = double(smaller.width) / around.width;
    const double fy = double(smaller.height) / around.height;
    // Pixel centres: x_frame = (x_small + 0.5) / fx - 0.5 + around.x
    cv::Matx23d map = toCrop.matrix();
    const cv::Matx23d full = map;
    for (int r = 0; r < 2; ++r) {
        map(r, 0) = full(r, 0) / fx;
        map(r, 1) = full(r, 1) / fy;
        map(r, 2) = full(r, 2) + full(r, 0) * (0.5 / fx - 0.5 + around.x) +
                    full(r, 1) * (0.5 / fy - 0.5 + around.y);
    }
    cv::warpAffine(averaged, part, map, size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return standardised(part);
}

} // namespace fw
