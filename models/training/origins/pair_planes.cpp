// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/pair_planes.h"

#include "photo/pair_counts.h"

#include <opencv2/imgproc.hpp>

namespace fw::lab {
namespace {

/// Root of the shares of CV_32SC1 counts, the greatest at 1.
void put(const cv::Mat &counts, float *to)
{
    cv::Mat plane(kPairLevels, kPairLevels, CV_32FC1, to);
    counts.convertTo(plane, CV_32F);
    cv::sqrt(plane, plane);
    double most = 0.0;
    cv::minMaxLoc(plane, nullptr, &most);
    plane *= 1.0 / std::max(most, 1.0);
}

cv::Mat within(const cv::Mat &levels)
{
    return neighbourCounts(levels)(cv::Rect(0, 0, kPairLevels, kPairLevels));
}

} // namespace

void pairPlanes(const cv::Mat &bgr, float *to)
{
    static const cv::Mat kernel = (cv::Mat_<float>(3, 3) << 0, -0.25, 0, -0.25, 1, -0.25, 0, -0.25, 0);
    constexpr int kSize = kPairLevels * kPairLevels;
    cv::Mat channels[3], steps[3];
    cv::split(bgr, channels);
    for (int c = 0; c < 3; ++c) {
        const cv::Mat &channel = channels[2 - c];
        cv::Mat table(1, 256, CV_8UC1), rest;
        for (int i = 0; i < 256; ++i)
            table.at<uchar>(i) = uchar(i / 4);
        cv::LUT(channel, table, steps[c]);
        put(within(steps[c]), to + c * kSize);
        cv::filter2D(channel, rest, CV_16S, kernel, {-1, -1}, kPairLevels / 2);
        rest = cv::min(cv::max(rest, 0), kPairLevels - 1);
        rest.convertTo(rest, CV_8U);
        put(within(rest), to + (3 + c) * kSize);
    }
    const auto together = [&](int a, int b, int plane) {
        put(channelCounts(steps[a], steps[b])(cv::Rect(0, 0, kPairLevels, kPairLevels)), to + plane * kSize);
    };
    together(0, 1, 6);
    together(0, 2, 7);
    together(1, 2, 8);
}

} // namespace fw::lab
