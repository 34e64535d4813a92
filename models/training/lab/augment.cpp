// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/augment.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw::lab {

using render::Random;

namespace {

void tone(cv::Mat &part, Random &random)
{
    const double gamma = std::exp(random.normal(0, 0.30));
    const double gain = std::exp(random.normal(0.1, 0.25)), lift = random.normal(0, 12);
    cv::Mat table(1, 256, CV_8UC1);
    for (int i = 0; i < 256; ++i) {
        table.at<uchar>(i) =
            cv::saturate_cast<uchar>(255.0 * gain * std::pow(i / 255.0, gamma) + lift);
    }
    cv::LUT(part, table, part);
    if (random.uniform() > 0.35)
        return;
    // Light that falls off to one side.
    const double dx = random.normal(0, 0.5), dy = random.normal(0, 0.3);
    for (int y = 0; y < part.rows; ++y) {
        for (int x = 0; x < part.cols; ++x) {
            const double u = double(x) / part.cols - 0.5, v = double(y) / part.rows - 0.5;
            uchar &p = part.at<uchar>(y, x);
            p = cv::saturate_cast<uchar>(p * (1.0 + dx * u + dy * v));
        }
    }
}

void coverPart(cv::Mat &part, Random &random)
{
    const double w = part.cols, h = part.rows;
    const cv::Point centre(int(random.uniform(0, w)), int(random.uniform(0, h)));
    const cv::Size axes(int(random.uniform(0.06, 0.28) * w), int(random.uniform(0.06, 0.28) * h));
    const cv::Scalar grey(random.uniform(0, 255));
    if (random.uniform() < 0.5)
        cv::ellipse(part, centre, axes, random.uniform(0, 180), 0, 360, grey, cv::FILLED);
    else
        cv::rectangle(part, cv::Rect(centre.x - axes.width, centre.y - axes.height, 2 * axes.width,
                                     2 * axes.height),
                      grey, cv::FILLED);
}

void soften(cv::Mat &part, Random &random)
{
    const double kind = random.uniform();
    if (kind < 0.30) {
        cv::GaussianBlur(part, part, {}, random.uniform(0.3, 1.6));
    } else if (kind < 0.55) { // a small face made larger
        const double scale = random.uniform(0.3, 0.9);
        cv::Mat small;
        cv::resize(part, small, {}, scale, scale, cv::INTER_AREA);
        cv::resize(small, part, part.size(), 0, 0, cv::INTER_LINEAR);
    } else if (kind < 0.62) { // motion during the exposure
        const int length = 3 + 2 * int(random.uniform(0, 3));
        cv::Mat kernel = cv::Mat::zeros(length, length, CV_32F);
        const double angle = random.uniform(0, CV_PI);
        const double reach = length / 2;
        const cv::Point mid(length / 2, length / 2);
        const cv::Point end(cvRound(reach * std::cos(angle)), cvRound(reach * std::sin(angle)));
        cv::line(kernel, mid - end, mid + end, cv::Scalar(1));
        cv::filter2D(part, part, -1, kernel / cv::sum(kernel)[0]);
    }
}

void addNoise(cv::Mat &part, Random &random)
{
    if (random.uniform() > 0.6)
        return;
    cv::Mat noise(part.size(), CV_16SC1);
    cv::RNG fast(random.next());
    fast.fill(noise, cv::RNG::NORMAL, 0, random.uniform(1, 9));
    cv::add(part, noise, part, {}, CV_8U);
}

void encode(cv::Mat &part, Random &random)
{
    if (random.uniform() > 0.4)
        return;
    std::vector<uchar> bytes;
    cv::imencode(".jpg", part, bytes, {cv::IMWRITE_JPEG_QUALITY, int(random.uniform(25, 95))});
    part = cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
}

} // namespace

Similarity disturbed(const Similarity &toCrop, cv::Size size, const Jitter &jitter, Random &random)
{
    const double turn = random.normal(0, jitter.turn);
    const double scale = std::exp(random.normal(0, jitter.scale));
    const double re = scale * std::cos(turn), im = scale * std::sin(turn);
    const cv::Point2d centre(0.5 * size.width, 0.5 * size.height);
    const cv::Point2d move(random.normal(0, jitter.shift) * size.width,
                           random.normal(0, jitter.shift) * size.width);
    Similarity out;
    out.real = re * toCrop.real - im * toCrop.imaginary;
    out.imaginary = re * toCrop.imaginary + im * toCrop.real;
    const cv::Point2d d = toCrop.shift - centre;
    out.shift = centre + move + cv::Point2d(re * d.x - im * d.y, im * d.x + re * d.y);
    return out;
}

void weather(cv::Mat &part, double cover, Random &random)
{
    if (random.uniform() < cover)
        coverPart(part, random);
    tone(part, random);
    soften(part, random);
    addNoise(part, random);
    encode(part, random);
}

} // namespace fw::lab
