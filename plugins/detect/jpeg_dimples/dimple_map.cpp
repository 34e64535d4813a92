// SPDX-License-Identifier: GPL-3.0-or-later
#include "dimple_map.h"

#include "photo/regions.h"

#include <opencv2/imgproc.hpp>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Sums over windows of `side` blocks around each block; what lies outside the picture adds nothing.
cv::Mat windowSums(const cv::Mat &plane, int side)
{
    cv::Mat sums;
    cv::boxFilter(plane, sums, CV_32F, {side, side}, {-1, -1}, false, cv::BORDER_CONSTANT);
    return sums;
}

/// Every block's share in the amplitude along the expected dimple.
cv::Mat alongExpected(const BlockStack &stack, const Block &expected)
{
    cv::Mat along(stack.weights.size(), CV_32FC1);
    for (int y = 0; y < along.rows; ++y) {
        const float *samples = stack.samples.ptr<float>(y);
        for (int x = 0; x < along.cols; ++x, samples += 64) {
            float sum = 0.0f;
            for (std::size_t i = 0; i < 64; ++i)
                sum += samples[i] * expected[i];
            along.at<float>(y, x) = sum;
        }
    }
    return along;
}

/// Relative amplitude in windows of `side` blocks, NaN where a window says nothing. A window's amplitude is the sum of its
/// blocks' shares, so no mean block is made for each.
cv::Mat relativeIn(const BlockStack &stack, const cv::Mat &along, const DimpleMatch &global, int side, const DimpleMapSettings &settings)
{
    const cv::Size size = stack.weights.size();
    const cv::Mat weights = windowSums(stack.weights, side), counted = windowSums(stack.counted, side);
    const cv::Mat present = windowSums(cv::Mat(size, CV_32FC1, cv::Scalar(1)), side);
    cv::Mat relative = windowSums(along, side) / cv::max(weights, 1e-9) / global.amplitude;
    const double scale = std::abs(global.amplitude);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double deviations = scale * weights.at<float>(y, x) / std::sqrt(std::max(counted.at<float>(y, x), 1.0f));
            const bool enough = counted.at<float>(y, x) >= settings.leastUsable * present.at<float>(y, x)
                && present.at<float>(y, x) >= 0.25f * float(side * side);
            if (!enough || deviations < settings.leastDeviations)
                relative.at<float>(y, x) = std::numeric_limits<float>::quiet_NaN();
        }
    }
    return relative;
}

/// Impulse energy of the mean block in windows of `side` blocks.
Result<cv::Mat> energyIn(const BlockStack &stack, int side, std::stop_token stop)
{
    const cv::Size size = stack.weights.size();
    const cv::Mat weights = cv::max(windowSums(stack.weights, side), 1e-9);
    cv::Mat sum(size, CV_32FC1, cv::Scalar(0)), squares = sum.clone(), peak = sum.clone();
    std::vector<cv::Mat> folds;
    for (int i = 0; i < 64; ++i) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        cv::Mat plane;
        cv::extractChannel(stack.samples, plane, i);
        folds.push_back(windowSums(plane, side) / weights);
        sum += folds.back();
    }
    const cv::Mat mean = sum / 64.0;
    for (const cv::Mat &fold : folds) {
        const cv::Mat square = (fold - mean).mul(fold - mean);
        squares += square;
        peak = cv::max(peak, square);
    }
    return cv::Mat(peak / cv::max((squares - peak) / 63.0, 1e-9));
}

/// From relative amplitudes to the map of missing dimples and its mask.
void judge(const DimpleMapSettings &settings, DimpleMap *map)
{
    const cv::Mat said = map->relative == map->relative;
    map->unseen = 1.0 - double(cv::countNonZero(said)) / double(said.total());
    map->missing = cv::Mat(map->relative.size(), CV_32FC1);
    // 0.5 stands for `missingBelow`, and the ends lie as far below as above it.
    const double span = 2.0 * std::min(settings.missingBelow, 1.0 - settings.missingBelow);
    for (int y = 0; y < map->relative.rows; ++y) {
        for (int x = 0; x < map->relative.cols; ++x) {
            const float r = map->relative.at<float>(y, x);
            map->missing.at<float>(y, x) =
                r == r ? float(std::clamp(0.5 + (settings.missingBelow - double(r)) / span, 0.0, 1.0)) : r;
        }
    }
    cv::Mat mask = map->missing > 0.5;
    mask &= said;
    cv::medianBlur(mask, mask, 3);
    const int least = std::max(settings.leastCells, int(std::lround(settings.leastArea * double(mask.total()))));
    map->mask = withoutSmallRegions(mask, least);
}

} // namespace

Result<DimpleMap> dimpleMap(const BlockStack &stack, const DimpleMatch &global,
                            const DimpleMapSettings &settings, std::stop_token stop)
{
    DimpleMap map;
    if (stack.weights.empty() || global.amplitude == 0.0)
        return fail(Errc::NotApplicable, u"the picture has no dimples to follow"_s);
    const cv::Mat along = alongExpected(stack, global.expected);
    for (const int window : settings.windows) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const int side = window / 8;
        if (!map.relative.empty() && side > std::min(stack.weights.rows, stack.weights.cols))
            break;
        const cv::Mat relative = relativeIn(stack, along, global, side, settings);
        if (map.relative.empty())
            map.relative = relative;
        const cv::Mat unsaid = map.relative != map.relative;
        relative.copyTo(map.relative, unsaid);
        if (window != settings.energyWindow)
            continue;
        auto energy = energyIn(stack, side, stop);
        if (!energy)
            return Failure{energy.error()};
        map.energy = std::move(energy).value();
    }
    judge(settings, &map);
    if (cv::countNonZero(map.mask) == 0)
        return map;
    // Smaller windows alone are too restless, but they draw the edge of a place that is known.
    const cv::Mat fine = relativeIn(stack, along, global, settings.edgeWindow / 8, settings);
    cv::Mat around;
    const int reach = settings.windows.front() / 8;
    cv::dilate(map.mask, around, cv::Mat::ones(reach + 1, reach + 1, CV_8U));
    around &= fine == fine;
    fine.copyTo(map.relative, around);
    judge(settings, &map);
    return map;
}

} // namespace fw
