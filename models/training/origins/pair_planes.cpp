// SPDX-License-Identifier: GPL-3.0-or-later
#include "origins/pair_planes.h"

#include "photo/pair_counts.h"

#include <opencv2/imgproc.hpp>

#include <array>

namespace fw::lab {
namespace {

/// Levels 0..63: what the mean of the four neighbours leaves.
cv::Mat leftOver(const cv::Mat &channel)
{
    static const cv::Mat kernel = (cv::Mat_<float>(3, 3) << 0, -0.25, 0, -0.25, 1, -0.25, 0, -0.25, 0);
    cv::Mat rest;
    cv::filter2D(channel, rest, CV_16S, kernel, {-1, -1}, kPairLevels / 2);
    rest = cv::min(cv::max(rest, 0), kPairLevels - 1);
    rest.convertTo(rest, CV_8U);
    return rest;
}

cv::Mat rootShares(const PairCounts &counts)
{
    cv::Mat plane;
    counts(cv::Rect(0, 0, kPairLevels, kPairLevels)).convertTo(plane, CV_32F);
    cv::sqrt(plane, plane);
    double most = 0.0;
    cv::minMaxLoc(plane, nullptr, &most);
    return plane * (1.0 / std::max(most, 1.0));
}

} // namespace

cv::Mat pairPlanes(const cv::Mat &bgr)
{
    cv::Mat channels[3], rests[3];
    cv::split(bgr, channels);
    std::vector<cv::Mat> planes;
    for (int c = 0; c < 3; ++c) {
        rests[c] = leftOver(channels[2 - c]);
        planes.push_back(rootShares(neighbourCounts(rests[c])));
    }
    for (const auto &[a, b] : {std::pair{0, 1}, {0, 2}, {1, 2}})
        planes.push_back(rootShares(channelCounts(rests[a], rests[b])));
    cv::Mat all;
    cv::merge(planes, all);
    return all;
}

} // namespace fw::lab
