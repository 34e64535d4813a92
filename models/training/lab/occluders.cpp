// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/occluders.h"

#include "faces/alignment.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fw::lab {

using render::Random;

namespace {

cv::Point onPixel(const cv::Point2f &p)
{
    return {cvRound(p.x), cvRound(p.y)};
}

/// Blends a grey into the part where the mask (0..255) is set.
void blend(cv::Mat &part, const cv::Mat &mask, double grey, double much)
{
    for (int y = 0; y < part.rows; ++y) {
        for (int x = 0; x < part.cols; ++x) {
            const double a = much * mask.at<uchar>(y, x) / 255.0;
            uchar &p = part.at<uchar>(y, x);
            p = cv::saturate_cast<uchar>(p + a * (grey - p));
        }
    }
}

void glasses(cv::Mat &part, const Landmarks68 &points, Random &random)
{
    const double eyes = eyeCornerDistance(points);
    const cv::Point2f across = (points[45] - points[36]) * float(1.0 / std::max(1.0, eyes));
    const double turn = std::atan2(across.y, across.x) * 180 / CV_PI;
    const double wide = eyes * random.uniform(0.21, 0.30), high = wide * random.uniform(0.55, 0.95);
    const cv::Point2f down(-across.y, across.x);
    const float drop = float(eyes * random.uniform(-0.02, 0.08));
    const int rim = random.uniform() < 0.2 ? 0 : 1 + int(random.uniform(0, 3.5));
    const bool square = random.uniform() < 0.5, dark = random.uniform() < 0.12;
    const double frame = random.uniform() < 0.7 ? random.uniform(0, 60) : random.uniform(60, 240);
    const double tint = dark ? random.uniform(0.75, 1.0) : random.uniform(0, 0.2);
    const double glint = random.uniform() < 0.35 ? random.uniform(0.2, 0.8) : 0.0;
    cv::Mat lens = cv::Mat::zeros(part.size(), CV_8UC1), edge = lens.clone(), shine = lens.clone();
    std::array<cv::Point2f, 2> middle;
    for (std::size_t side = 0; side < 2; ++side) {
        const std::size_t first = side == 0 ? 36 : 42;
        middle[side] = 0.5f * (points[first] + points[first + 3]) + drop * down;
        std::vector<cv::Point> outline;
        for (int k = 0; k < 24; ++k) {
            // A rounded square is an ellipse of a higher power.
            const double a = 2 * CV_PI * k / 24, power = square ? 0.55 : 1.0;
            const auto bent = [&](double v) { return std::copysign(std::pow(std::abs(v), power), v); };
            outline.push_back(onPixel(middle[side] + float(wide * bent(std::cos(a))) * across +
                                      float(high * bent(std::sin(a))) * down));
        }
        cv::fillPoly(lens, std::vector{outline}, cv::Scalar(255), cv::LINE_AA);
        if (rim > 0)
            cv::polylines(edge, outline, true, cv::Scalar(255), rim, cv::LINE_AA);
        const cv::Point2f at = middle[side] + float(random.uniform(-0.5, 0.5) * wide) * across +
                               float(random.uniform(-0.5, 0.5) * high) * down;
        cv::ellipse(shine, onPixel(at), {std::max(1, int(wide * random.uniform(0.1, 0.6))), std::max(1, int(high * random.uniform(0.1, 0.4)))},
                    turn + random.uniform(-40, 40), 0, 360, cv::Scalar(255), cv::FILLED, cv::LINE_AA);
    }
    const int bar = std::max(1, rim);
    const float inner = float(wide);
    cv::line(edge, onPixel(middle[0] + inner * across), onPixel(middle[1] - inner * across), cv::Scalar(255), bar, cv::LINE_AA);
    cv::line(edge, onPixel(middle[0] - inner * across), onPixel(points[0]), cv::Scalar(255), bar, cv::LINE_AA);
    cv::line(edge, onPixel(middle[1] + inner * across), onPixel(points[16]), cv::Scalar(255), bar, cv::LINE_AA);
    blend(part, lens, random.uniform(0, 70), tint);
    if (glint > 0)
        blend(part, shine & lens, 255, glint);
    blend(part, edge, frame, random.uniform(0.7, 1.0));
}

/// Some fingers over the lower or outer part of the face, lit from one side.
void fingers(cv::Mat &part, const Landmarks68 &points, Random &random)
{
    const double size = eyeCornerDistance(points);
    const double skin = cv::mean(part)[0] * random.uniform(0.7, 1.4);
    const std::size_t jaw = std::size_t(random.uniform(0, 17));
    const cv::Point2f root = points[jaw] + (points[jaw] - points[30]) * float(random.uniform(0.3, 0.9));
    const cv::Point2f to = points[std::size_t(random.uniform(27, 68))];
    const cv::Point2f way = to - root;
    const float length = std::max(1.0f, float(cv::norm(way)));
    const cv::Point2f along = way * (1 / length), aside(-along.y, along.x);
    const int count = 1 + int(random.uniform(0, 4)), thick = std::max(3, int(size * random.uniform(0.13, 0.2)));
    for (int k = 0; k < count; ++k) {
        const cv::Point2f shift = float((k - 0.5 * (count - 1)) * thick * 1.05) * aside;
        const cv::Point from = onPixel(root + shift);
        const cv::Point end = onPixel(root + shift + length * float(random.uniform(0.7, 1.0)) * along);
        cv::line(part, from, end, cv::Scalar(skin * 0.6), thick, cv::LINE_AA);
        cv::line(part, from, end, cv::Scalar(skin), std::max(1, thick * 3 / 4), cv::LINE_AA);
        const cv::Point lit(cvRound(0.15f * float(thick)), 0);
        cv::line(part, from + lit, end + lit, cv::Scalar(std::min(255.0, skin * 1.2)), std::max(1, thick / 4), cv::LINE_AA);
    }
}

void microphone(cv::Mat &part, const Landmarks68 &points, Random &random)
{
    const double size = eyeCornerDistance(points);
    const cv::Point2f at = points[57] + cv::Point2f(float(random.normal(0, 0.25) * size), float(random.uniform(0.1, 0.6) * size));
    const int radius = std::max(3, int(size * random.uniform(0.12, 0.28)));
    const double grey = random.uniform(5, 110);
    const cv::Point2f foot = at + cv::Point2f(float(random.normal(0, 1.0) * size), float(1.5 * size));
    cv::line(part, onPixel(at), onPixel(foot), cv::Scalar(grey * 0.8), std::max(2, radius), cv::LINE_AA);
    cv::ellipse(part, onPixel(at), {radius, int(1.2 * radius)}, random.uniform(-30, 30), 0, 360, cv::Scalar(grey), cv::FILLED, cv::LINE_AA);
    cv::circle(part, onPixel(at - cv::Point2f(0.3f * float(radius), 0.3f * float(radius))), std::max(1, radius / 3),
               cv::Scalar(std::min(255.0, grey + 50)), cv::FILLED, cv::LINE_AA);
}

/// Hair or the brim of a hat, from above down to about the brows.
void overForehead(cv::Mat &part, const Landmarks68 &points, Random &random)
{
    const double size = eyeCornerDistance(points);
    const cv::Point2f up = (points[27] - points[8]) * (1 / std::max(1.0f, float(cv::norm(points[27] - points[8]))));
    const bool strands = random.uniform() < 0.7;
    const double grey = random.uniform() < 0.7 ? random.uniform(0, 80) : random.uniform(80, 230);
    std::vector<cv::Point> outline;
    const float base = float(size * random.uniform(-0.12, 0.4));
    for (int k = 0; k <= 16; ++k) {
        const cv::Point2f on = points[36] + (points[45] - points[36]) * float(-0.5 + 2.0 * k / 16.0);
        const float ragged = strands ? float(size * random.normal(0, 0.07)) : 0.0f;
        outline.push_back(onPixel(on + (base + ragged) * up));
    }
    const cv::Point2f aside = points[45] - points[36];
    outline.push_back(onPixel(points[45] + 1.2f * aside + float(2 * size) * up));
    outline.push_back(onPixel(points[36] - 1.2f * aside + float(2 * size) * up));
    cv::fillPoly(part, std::vector{outline}, cv::Scalar(grey), cv::LINE_AA);
    for (int k = 0; strands && k < 10; ++k) {
        const cv::Point2f from = points[36] + aside * float(random.uniform(-0.4, 1.4)) + float(size) * up;
        cv::line(part, onPixel(from), onPixel(from - up * float(size * random.uniform(0.5, 1.1)) + aside * float(random.normal(0, 0.1))),
                 cv::Scalar(std::clamp(grey + random.normal(0, 25), 0.0, 255.0)), 1 + int(random.uniform(0, 2)), cv::LINE_AA);
    }
}

void pieceOfPicture(cv::Mat &part, std::span<const cv::Mat> pictures, Random &random)
{
    const double w = part.cols, h = part.rows;
    const cv::Size size(int(random.uniform(0.15, 0.5) * w), int(random.uniform(0.15, 0.5) * h));
    cv::Mat piece(size, CV_8UC1, cv::Scalar(random.uniform(0, 255)));
    if (!pictures.empty()) {
        const cv::Mat &from = pictures[std::size_t(random.uniform(0, double(pictures.size())))];
        const int most = std::min(from.cols, from.rows), side = std::max(16, int(most * random.uniform(0.2, 1.0)));
        const cv::Rect rect(int(random.uniform(0, from.cols - side)), int(random.uniform(0, from.rows - side)), side, side);
        cv::resize(from(rect), piece, size, 0, 0, cv::INTER_AREA);
    }
    const cv::Point at(int(random.uniform(-0.2, 1.0) * w), int(random.uniform(-0.2, 1.0) * h));
    const cv::Rect there = cv::Rect(at, size) & cv::Rect(0, 0, part.cols, part.rows);
    if (there.area() <= 0)
        return;
    cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
    if (random.uniform() < 0.6)
        cv::ellipse(mask, {size.width / 2, size.height / 2}, {size.width / 2, size.height / 2}, 0, 0, 360, cv::Scalar(255), cv::FILLED);
    else
        mask.setTo(255);
    piece(there - at).copyTo(part(there), mask(there - at));
}

} // namespace

void occlude(cv::Mat &part, const Landmarks68 &points, std::span<const cv::Mat> pictures, Random &random)
{
    const double kind = random.uniform();
    if (kind < 0.40)
        glasses(part, points, random);
    else if (kind < 0.55)
        fingers(part, points, random);
    else if (kind < 0.67)
        microphone(part, points, random);
    else if (kind < 0.82)
        overForehead(part, points, random);
    else
        pieceOfPicture(part, pictures, random);
}

} // namespace fw::lab
