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
constexpr int kBatch = 256;     ///< places that a network judges at once
constexpr int kBandCells = 400; ///< about as many places are measured between two looks at the stop token
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

/// What the networks are fed, band by band of rows; empty when stopped.
cv::Mat valuesOf(const RadonFeatures &radon, const cv::Mat &bgr, int stride, cv::Size cells, const std::stop_token &stop)
{
    constexpr int kMargin = 8; // rows that nothing of a place reaches beyond
    const int rows = std::max(1, kBandCells / cells.width);
    cv::Mat values(cells.area(), kPlaceValues, CV_32FC1);
    for (int first = 0; first < cells.height; first += rows) {
        if (stop.stop_requested())
            return {};
        const int last = std::min(first + rows, cells.height);
        const int top = std::max(first * stride - kMargin, 0), bottom = std::min((last - 1) * stride + kSide + kMargin, bgr.rows);
        std::vector<cv::Point> corners;
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < cells.width; ++x)
                corners.emplace_back(x * stride, y * stride - top);
        }
        placeValues(radon, bgr.rowRange(top, bottom), corners).copyTo(values.rowRange(first * cells.width, last * cells.width));
    }
    return values;
}

/// Log-odds of each answer as a map. @param inputOf  rows first to last of what the network is fed.
template <class Inputs>
Result<std::vector<cv::Mat>> answersOf(Network &network, std::size_t answers, cv::Size cells, const Inputs &inputOf, const std::stop_token &stop)
{
    std::vector<cv::Mat> maps;
    for (std::size_t i = 0; i < answers; ++i)
        maps.emplace_back(cells, CV_32FC1);
    for (int first = 0; first < cells.area(); first += kBatch) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const cv::Mat rows = inputOf(first, std::min(first + kBatch, cells.area()));
        std::vector<cv::Mat> inputs;
        for (int i = 0; i < rows.rows; ++i)
            inputs.push_back(rows.row(i));
        const auto output = network.forward(inputs);
        if (!output)
            return Failure{output.error()};
        for (int i = 0; i < rows.rows; ++i) {
            const std::span<const float> values = output->front().of(std::size_t(i));
            if (values.size() != answers)
                return fail(Errc::BadData, u"a network of resampling gives other numbers than it should"_s);
            for (std::size_t answer = 0; answer < answers; ++answer)
                maps[answer].at<float>((first + i) / cells.width, (first + i) % cells.width) = values[answer];
        }
    }
    return maps;
}

} // namespace

const std::array<const char *, kResamplingTraces> kResamplingTraceNames{"low quality before", "turned clockwise", "turned back",
                                                                        "reduced", "enlarged", "sheared"};

Result<ResamplingMaps> resamplingMaps(ResamplingNetworks &networks, const cv::Mat &bgr, std::stop_token stop)
{
    ResamplingMaps maps;
    while (double(bgr.cols) * bgr.rows / (double(maps.stride) * maps.stride) > kMostResamplingCells)
        maps.stride += 8;
    const cv::Size cells((bgr.cols - kSide) / maps.stride + 1, (bgr.rows - kSide) / maps.stride + 1);
    const cv::Mat values = valuesOf(networks.radon, bgr, maps.stride, cells, stop);
    if (values.empty())
        return fail(Errc::Cancelled, u"stopped"_s);
    const auto traces = answersOf(*networks.traces, kResamplingTraces, cells, [&](int from, int to) {
        return values.rowRange(from, to);
    }, stop);
    if (!traces)
        return Failure{traces.error()};
    const cv::Mat median = medianValues(values);
    const auto places = answersOf(*networks.places, 1, cells, [&](int from, int to) {
        return withDifferences(values.rowRange(from, to), median);
    }, stop);
    if (!places)
        return Failure{places.error()};
    for (std::size_t i = 0; i < kResamplingTraces; ++i)
        maps.traces[i] = smoothed(chances(mean((*traces)[i], 3)));
    // Most of a picture is taken to be untouched, also where the network leans one way on all of it.
    maps.logOdds = mean(places->front(), 3);
    maps.logOdds -= medianValues(maps.logOdds.reshape(1, cells.area())).at<float>(0);
    maps.fused = smoothed(chances(maps.logOdds - kPlaceCentre));
    maps.mask = mapMask(maps.fused, stop);
    cv::morphologyEx(withoutSmallRegions(maps.mask, kLeastCells), maps.mask, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8UC1));
    const auto neighbourhood = sequenceMap(*networks.sequence, networks.sequenceInput, bgr, stop);
    if (!neighbourhood)
        return Failure{neighbourhood.error()};
    if (!neighbourhood->empty())
        maps.neighbourhood = chances(*neighbourhood);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    return maps;
}

} // namespace fw
