// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

namespace fw {

cv::Mat lumaOf(const cv::Mat &bgr)
{
    cv::Mat wide, luma;
    bgr.convertTo(wide, CV_32F);
    cv::cvtColor(wide, luma, cv::COLOR_BGR2GRAY);
    return luma;
}

namespace {

/// Empty when stopped: a large picture's steps take a third of a second each.
cv::Mat wienerResidual(const cv::Mat &plane, const std::stop_token &stop)
{
    cv::Mat mean, square, variance;
    cv::boxFilter(plane, mean, CV_32F, {3, 3}, {-1, -1}, true, cv::BORDER_REFLECT_101);
    if (stop.stop_requested())
        return {};
    cv::boxFilter(plane.mul(plane), square, CV_32F, {3, 3}, {-1, -1}, true, cv::BORDER_REFLECT_101);
    if (stop.stop_requested())
        return {};
    variance = cv::max(square - mean.mul(mean), 0.0);
    const double noise = std::max(cv::mean(variance)[0], 1e-9);
    if (stop.stop_requested())
        return {};
    cv::Mat kept = cv::max(variance - noise, 0.0) / cv::max(variance, noise);
    if (stop.stop_requested())
        return {};
    cv::Mat residual = plane - mean;
    return residual - kept.mul(residual);
}

} // namespace

cv::Mat wienerResidual(const cv::Mat &plane)
{
    return wienerResidual(plane, std::stop_token());
}

cv::Mat meanWienerResidual(const cv::Mat &bgr, std::stop_token stop)
{
    cv::Mat channels[3], sum(bgr.size(), CV_32FC1, cv::Scalar(0));
    cv::split(bgr, channels);
    for (cv::Mat &channel : channels) {
        if (stop.stop_requested())
            return {};
        cv::Mat wide;
        channel.convertTo(wide, CV_32F);
        const cv::Mat residual = wienerResidual(wide, stop);
        if (residual.empty() || stop.stop_requested())
            return {};
        sum += residual;
    }
    return sum / 3.0;
}

cv::Mat usableBlocks(const cv::Mat &luma, cv::Point origin, double leastSigma, double mostClipped)
{
    constexpr int kSide = 8;
    const int wide = std::max((luma.cols - origin.x) / kSide, 0);
    const int high = std::max((luma.rows - origin.y) / kSide, 0);
    cv::Mat usable(high, wide, CV_8UC1);
    for (int by = 0; by < high; ++by) {
        for (int bx = 0; bx < wide; ++bx) {
            double sum = 0.0, squares = 0.0;
            int clipped = 0;
            for (int y = 0; y < kSide; ++y) {
                const float *row = luma.ptr<float>(origin.y + by * kSide + y) + origin.x + bx * kSide;
                for (int x = 0; x < kSide; ++x) {
                    sum += row[x];
                    squares += double(row[x]) * row[x];
                    clipped += row[x] < 0.5f || row[x] > 254.5f;
                }
            }
            const double mean = sum / 64.0, variance = std::max(squares / 64.0 - mean * mean, 0.0);
            usable.at<uchar>(by, bx) = std::sqrt(variance) >= leastSigma && clipped <= 64.0 * mostClipped ? 255 : 0;
        }
    }
    return usable;
}

} // namespace fw
