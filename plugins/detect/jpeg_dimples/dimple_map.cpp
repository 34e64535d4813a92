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

struct WindowView
{
    cv::Mat relative; ///< NaN where a window says nothing
    cv::Mat energy;
};

Result<WindowView> look(const BlockStack &stack, const DimpleMatch &global, int side,
                        const DimpleMapSettings &settings, std::stop_token stop)
{
    const cv::Size size = stack.weights.size();
    const cv::Mat weights = windowSums(stack.weights, side);
    const cv::Mat counted = windowSums(stack.counted, side);
    const cv::Mat present = windowSums(cv::Mat(size, CV_32FC1, cv::Scalar(1)), side);
    cv::Mat along(size, CV_32FC1, cv::Scalar(0)), sum(size, CV_32FC1, cv::Scalar(0));
    cv::Mat squares(size, CV_32FC1, cv::Scalar(0)), peak(size, CV_32FC1, cv::Scalar(0));
    std::vector<cv::Mat> folds;
    for (int i = 0; i < 64; ++i) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        cv::Mat plane;
        cv::extractChannel(stack.samples, plane, i);
        cv::Mat fold = windowSums(plane, side) / cv::max(weights, 1e-9);
        along += fold * double(global.expected[std::size_t(i)]);
        sum += fold;
        folds.push_back(std::move(fold));
    }
    const cv::Mat mean = sum / 64.0;
    for (const cv::Mat &fold : folds) {
        const cv::Mat square = (fold - mean).mul(fold - mean);
        squares += square;
        peak = cv::max(peak, square);
    }
    WindowView view;
    view.energy = peak / cv::max((squares - peak) / 63.0, 1e-9);
    view.relative = along / global.amplitude;
    const double scale = std::abs(global.amplitude);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const double deviations = scale * weights.at<float>(y, x) / std::sqrt(std::max(counted.at<float>(y, x), 1.0f));
            const bool enough = counted.at<float>(y, x) >= settings.leastUsable * present.at<float>(y, x)
                && present.at<float>(y, x) >= 0.25f * float(side * side);
            if (!enough || deviations < settings.leastDeviations)
                view.relative.at<float>(y, x) = std::numeric_limits<float>::quiet_NaN();
        }
    }
    return view;
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
    for (const int window : settings.windows) {
        const int side = window / 8;
        if (!map.relative.empty() && side > std::min(stack.weights.rows, stack.weights.cols))
            break;
        auto view = look(stack, global, side, settings, stop);
        if (!view)
            return Failure{view.error()};
        if (map.relative.empty())
            map.relative = view->relative;
        const cv::Mat unsaid = map.relative != map.relative;
        view->relative.copyTo(map.relative, unsaid);
        if (window == settings.energyWindow)
            map.energy = view->energy;
    }
    judge(settings, &map);
    if (cv::countNonZero(map.mask) == 0)
        return map;
    // Smaller windows alone are too restless, but they draw the edge of a place that is known.
    const auto fine = look(stack, global, settings.edgeWindow / 8, settings, stop);
    if (!fine)
        return Failure{fine.error()};
    cv::Mat around;
    const int reach = settings.windows.front() / 8;
    cv::dilate(map.mask, around, cv::Mat::ones(reach + 1, reach + 1, CV_8U));
    around &= fine->relative == fine->relative;
    fine->relative.copyTo(map.relative, around);
    judge(settings, &map);
    return map;
}

} // namespace fw
