// SPDX-License-Identifier: GPL-3.0-or-later
#include "resampling_map.h"

#include "photo/map_segments.h"
#include "photo/regions.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kSide = kResamplingPatch;
constexpr int kTraceBatch = 128; ///< patches
constexpr int kLeastCells = 8;

cv::Mat chances(const cv::Mat &logOdds)
{
    cv::Mat result(logOdds.size(), CV_32FC1);
    for (int y = 0; y < logOdds.rows; ++y) {
        for (int x = 0; x < logOdds.cols; ++x)
            result.at<float>(y, x) = 1.0f / (1.0f + std::exp(-logOdds.at<float>(y, x)));
    }
    return result;
}

cv::Mat smoothed(const cv::Mat &map)
{
    cv::Mat result;
    cv::bilateralFilter(map, result, 9, 0.15 * 2.0, 3.0, cv::BORDER_REPLICATE);
    return result;
}

cv::Mat mean(const cv::Mat &map, int cells)
{
    cv::Mat result;
    cv::blur(map, result, cv::Size(cells, cells), {-1, -1}, cv::BORDER_REPLICATE);
    return result;
}

/// rootLaplacian strip by strip, so that it can be stopped; empty then.
cv::Mat rootOf(const cv::Mat &bgr, const std::stop_token &stop)
{
    constexpr int kStrip = 256; ///< rows
    cv::Mat root(bgr.size(), CV_32FC1);
    for (int top = 0; top < bgr.rows; top += kStrip) {
        if (stop.stop_requested())
            return {};
        const int bottom = std::min(top + kStrip, bgr.rows);
        const int from = std::max(top - 1, 0), to = std::min(bottom + 1, bgr.rows);
        rootLaplacian(bgr.rowRange(from, to)).rowRange(top - from, bottom - from).copyTo(root.rowRange(top, bottom));
    }
    return root;
}

} // namespace

const std::array<const char *, kResamplingTraces> kResamplingTraceNames{"low quality before", "turned clockwise", "turned back",
                                                                        "reduced", "enlarged", "sheared"};

Result<std::array<cv::Mat, kResamplingTraces>> traceMaps(Network &network, const RadonFeatures &features, const cv::Mat &root,
                                                         int stride, std::stop_token stop)
{
    const int wide = (root.cols - kSide) / stride + 1, high = (root.rows - kSide) / stride + 1;
    std::array<cv::Mat, kResamplingTraces> maps;
    for (cv::Mat &map : maps)
        map.create(high, wide, CV_32FC1);
    std::vector<cv::Point> corners;
    for (int i = 0; i < wide * high; ++i)
        corners.emplace_back(i % wide * stride, i / wide * stride);
    for (std::size_t first = 0; first < corners.size(); first += kTraceBatch) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const std::size_t count = std::min<std::size_t>(kTraceBatch, corners.size() - first);
        cv::Mat rows = features.of(root, {corners.begin() + std::ptrdiff_t(first), corners.begin() + std::ptrdiff_t(first + count)});
        RadonFeatures::standardise(&rows);
        std::vector<cv::Mat> inputs;
        for (int i = 0; i < rows.rows; ++i)
            inputs.push_back(rows.row(i));
        const auto output = network.forward(inputs);
        if (!output)
            return Failure{output.error()};
        for (std::size_t i = 0; i < count; ++i) {
            const std::span<const float> values = output->front().of(i);
            if (values.size() != kResamplingTraces)
                return fail(Errc::BadData, u"the network of traces gives other numbers than it should"_s);
            for (std::size_t trace = 0; trace < kResamplingTraces; ++trace)
                maps[trace].at<float>(int(first + i) / wide, int(first + i) % wide) = values[trace];
        }
    }
    return maps;
}

Result<ResamplingMaps> resamplingMaps(Network &traces, const RadonFeatures &features, const cv::Mat &bgr, std::stop_token stop)
{
    ResamplingMaps maps;
    while (double(bgr.cols) * bgr.rows / (double(maps.stride) * maps.stride) > kMostResamplingCells)
        maps.stride += 8;
    const cv::Mat root = rootOf(bgr, stop);
    if (root.empty())
        return fail(Errc::Cancelled, u"stopped"_s);
    auto logOdds = traceMaps(traces, features, root, maps.stride, stop);
    if (!logOdds)
        return Failure{logOdds.error()};
    maps.logOdds = cv::Mat(logOdds->front().size(), CV_32FC1, cv::Scalar(0));
    maps.mask = cv::Mat(maps.logOdds.size(), CV_8UC1, cv::Scalar(0));
    for (std::size_t i = 0; i < kResamplingTraces; ++i) {
        const cv::Mat even = mean((*logOdds)[i], 3);
        maps.traces[i] = smoothed(chances(even));
        if (i == 0) // an earlier save at a low quality is no sign of geometry
            continue;
        maps.logOdds += even / double(kResamplingTraces - 1);
        maps.mask |= mapMask(maps.traces[i], stop);
    }
    // The mean of five answers moves less than a single one, so its slope is steeper.
    maps.fused = smoothed(chances((maps.logOdds - kFusedCentre) * kFusedSlope));
    maps.mask |= mapMask(maps.fused, stop);
    cv::morphologyEx(withoutSmallRegions(maps.mask, kLeastCells), maps.mask, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8UC1));
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    return maps;
}

} // namespace fw
