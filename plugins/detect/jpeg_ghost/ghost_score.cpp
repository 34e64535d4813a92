// SPDX-License-Identifier: GPL-3.0-or-later
#include "ghost_score.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// A dip is judged against the differences of this many qualities above it: further up the
/// differences fall again, because everything changes less at high quality.
constexpr int kReach = 12;
/// Added below the fraction line so that noise of a tenth of a grey level makes no deep dips.
constexpr float kFloor = 1.0f;
/// Cells of less variance (grey levels²) hold only what rounding left.
constexpr float kFlat = 0.5f;
/// Half the width, in qualities, within which a dip of the whole picture explains a region's dip.
constexpr int kSameDip = 2;

double median(std::vector<float> values)
{
    if (values.empty())
        return 0.0;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// The largest connected piece of the upper Otsu class, small gaps closed and specks removed.
cv::Mat largestDeepPiece(const cv::Mat &depth)
{
    cv::Mat bytes, deep;
    depth.convertTo(bytes, CV_8U, 255.0);
    cv::threshold(bytes, deep, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    const cv::Mat brush = cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3});
    cv::morphologyEx(deep, deep, cv::MORPH_CLOSE, brush);
    cv::morphologyEx(deep, deep, cv::MORPH_OPEN, brush);

    cv::Mat labels, facts, centres;
    const int count = cv::connectedComponentsWithStats(deep, labels, facts, centres, 8);
    int best = 0;
    for (int label = 1; label < count; ++label) {
        if (best == 0
            || facts.at<int>(label, cv::CC_STAT_AREA) > facts.at<int>(best, cv::CC_STAT_AREA))
            best = label;
    }
    return best == 0 ? cv::Mat() : cv::Mat(labels == best);
}

} // namespace

cv::Mat ghostDepth(const GhostStack &stack, int k)
{
    const cv::Mat &here = stack.differences[std::size_t(k)];
    cv::Mat peak = here.clone();
    for (std::size_t next = std::size_t(k) + 1; next < stack.qualities.size()
         && stack.qualities[next] <= stack.qualities[std::size_t(k)] + kReach; ++next)
        cv::max(peak, stack.differences[next], peak);
    cv::Mat depth;
    cv::divide(peak - here, peak + kFloor, depth);
    depth.setTo(std::numeric_limits<float>::quiet_NaN(), stack.texture < kFlat);
    return depth;
}

cv::Mat ghostPicture(const GhostStack &stack, int k)
{
    cv::Mat low = stack.differences.front().clone();
    cv::Mat high = low.clone();
    for (const cv::Mat &difference : stack.differences) {
        cv::min(low, difference, low);
        cv::max(high, difference, high);
    }
    cv::Mat picture;
    cv::divide(stack.differences[std::size_t(k)] - low, high - low, picture); // 0 where both are equal
    picture.setTo(std::numeric_limits<float>::quiet_NaN(), stack.texture < kFlat);
    return picture;
}

double textureShare(const GhostStack &stack)
{
    return double(cv::countNonZero(stack.texture >= kFlat)) / double(stack.texture.total());
}

std::vector<int> localMinima(const std::vector<double> &curve)
{
    std::vector<int> found;
    for (std::size_t i = 1; i + 1 < curve.size(); ++i) {
        if (curve[i] < curve[i - 1] && curve[i] < curve[i + 1])
            found.push_back(int(i));
    }
    return found;
}

double kolmogorovSmirnov(std::vector<float> a, std::vector<float> b)
{
    if (a.empty() || b.empty())
        return 0.0;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double distance = 0.0;
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        const float value = std::min(a[i], b[j]);
        while (i < a.size() && a[i] <= value)
            ++i;
        while (j < b.size() && b[j] <= value)
            ++j;
        distance = std::max(distance, std::abs(double(i) / double(a.size())
                                               - double(j) / double(b.size())));
    }
    return distance;
}

Result<std::vector<GhostRegion>> ghostRegions(const GhostStack &stack, cv::Point shift, int highest,
                                              const GhostLimits &limits, std::stop_token stop)
{
    const std::vector<int> dips = localMinima(stack.curve);
    std::vector<GhostRegion> regions;
    for (int k = 0; k < int(stack.qualities.size()); ++k) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const int quality = stack.qualities[std::size_t(k)];
        if (quality > highest)
            break;
        cv::Mat depth = ghostDepth(stack, k);
        cv::patchNaNs(depth, 0.0); // no texture, no dip
        GhostRegion region;
        region.mask = largestDeepPiece(depth);
        if (region.mask.empty())
            continue;
        const int cells = cv::countNonZero(region.mask);
        region.areaShare = double(cells) / double(region.mask.total());
        if (cells < limits.leastCells || region.areaShare < limits.leastArea || region.areaShare > limits.greatestArea)
            continue;

        std::vector<float> inside, outside;
        for (int y = 0; y < depth.rows; ++y) {
            for (int x = 0; x < depth.cols; ++x)
                (region.mask.at<uchar>(y, x) ? inside : outside).push_back(depth.at<float>(y, x));
        }
        region.quality = quality;
        region.shift = shift;
        region.depthInside = median(inside);
        region.depthOutside = median(outside);
        region.separation = kolmogorovSmirnov(std::move(inside), std::move(outside));
        region.wholePicture = std::any_of(dips.begin(), dips.end(), [&](int dip) {
            return std::abs(stack.qualities[std::size_t(dip)] - quality) <= kSameDip;
        });
        regions.push_back(std::move(region));
    }
    std::stable_sort(regions.begin(), regions.end(), [](const GhostRegion &a, const GhostRegion &b) {
        return a.weight() > b.weight();
    });
    return regions;
}

bool isClear(const GhostRegion &region, const GhostLimits &limits)
{
    return !region.wholePicture && region.separation > limits.separation
        && region.contrast() > limits.contrast;
}

} // namespace fw
