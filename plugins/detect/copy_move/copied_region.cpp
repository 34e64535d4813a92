// SPDX-License-Identifier: GPL-3.0-or-later
#include "copied_region.h"

#include "photo/regions.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fw {
namespace {

constexpr int kWindow = 7;
constexpr double kBlur = 1.5;            ///< px
constexpr double kLeastLocalVariance = 2.0; ///< grey levels squared, after the blur

cv::Mat boxMean(const cv::Mat &values)
{
    cv::Mat mean;
    cv::boxFilter(values, mean, CV_32F, {kWindow, kWindow});
    return mean;
}

/// Correlation of two pictures in windows, 0 where one of them is flat.
/// @param left  receives what gain and offset of each window leave of `a`, grey levels.
cv::Mat correlationOf(const cv::Mat &a, const cv::Mat &b, cv::Mat *left)
{
    const cv::Mat meanA = boxMean(a), meanB = boxMean(b);
    const cv::Mat varianceA = boxMean(a.mul(a)) - meanA.mul(meanA);
    const cv::Mat varianceB = boxMean(b.mul(b)) - meanB.mul(meanB);
    const cv::Mat covariance = boxMean(a.mul(b)) - meanA.mul(meanB);
    cv::Mat power;
    cv::sqrt(cv::max(varianceA, 1e-3).mul(cv::max(varianceB, 1e-3)), power);
    cv::Mat correlation = covariance / power;
    cv::sqrt(cv::max(varianceA - covariance.mul(covariance) / cv::max(varianceB, 1e-3), 0.0), *left);
    correlation.setTo(0.0F, varianceA < kLeastLocalVariance);
    correlation.setTo(0.0F, varianceB < kLeastLocalVariance);
    return correlation;
}

/// The same strip by strip, so that it can be stopped and its steps stay in the cache; empty when stopped.
cv::Mat windowCorrelation(const cv::Mat &a, const cv::Mat &b, cv::Mat *left, const std::stop_token &stop)
{
    constexpr int kStrip = 256; ///< rows
    cv::Mat correlation(a.size(), CV_32FC1);
    left->create(a.size(), CV_32FC1);
    for (int top = 0; top < a.rows; top += kStrip) {
        if (stop.stop_requested())
            return {};
        const int bottom = std::min(top + kStrip, a.rows);
        // Windows reach over the strip's edge; the picture's own edges stay what they are.
        const int from = std::max(top - kWindow / 2, 0), to = std::min(bottom + kWindow / 2, a.rows);
        cv::Mat some;
        const cv::Mat strip = correlationOf(a.rowRange(from, to), b.rowRange(from, to), &some);
        strip.rowRange(top - from, bottom - from).copyTo(correlation.rowRange(top, bottom));
        some.rowRange(top - from, bottom - from).copyTo(left->rowRange(top, bottom));
    }
    return correlation;
}

/// 255 where the map leads into the picture and far enough away.
cv::Mat reachable(cv::Size size, const cv::Matx23d &map, double leastDistance)
{
    cv::Mat inside(size, CV_8UC1, cv::Scalar(0));
    for (int y = 0; y < size.height; ++y) {
        auto *row = inside.ptr<uchar>(y);
        for (int x = 0; x < size.width; ++x) {
            const double u = map(0, 0) * x + map(0, 1) * y + map(0, 2), v = map(1, 0) * x + map(1, 1) * y + map(1, 2);
            const bool in = u >= 0.0 && v >= 0.0 && u <= size.width - 1.0 && v <= size.height - 1.0;
            row[x] = in && std::hypot(u - x, v - y) >= leastDistance ? 255 : 0;
        }
    }
    return inside;
}

/// The parts of a mask that hold at least three seeds, or most of them.
cv::Mat partsAroundSeeds(const cv::Mat &mask, const std::vector<cv::Point2f> &seeds, int leastArea)
{
    cv::Mat labels;
    const auto regions = connectedRegions(mask, leastArea, &labels);
    int highest = 0;
    for (const MaskRegion &region : regions)
        highest = std::max(highest, region.label);
    std::vector<int> seen(std::size_t(highest) + 1, 0); // seeds by label; a dense map has as many as it has pixels
    for (const cv::Point2f &seed : seeds) {
        const cv::Point at(cvRound(seed.x), cvRound(seed.y));
        if (!at.inside({{0, 0}, mask.size()}))
            continue;
        const int label = labels.at<int>(at);
        if (label > 0 && label <= highest)
            ++seen[std::size_t(label)];
    }
    std::vector<uchar> keeps(seen.size(), 0);
    for (const MaskRegion &region : regions)
        keeps[std::size_t(region.label)] = seen[std::size_t(region.label)] >= 3 ? 255 : 0;
    cv::Mat kept(mask.size(), CV_8UC1, cv::Scalar(0));
    for (int y = 0; y < mask.rows; ++y) {
        const int *from = labels.ptr<int>(y);
        uchar *to = kept.ptr<uchar>(y);
        for (int x = 0; x < mask.cols; ++x)
            to[x] = from[x] > 0 && from[x] <= highest ? keeps[std::size_t(from[x])] : uchar(0);
    }
    return kept;
}

} // namespace

std::optional<CopiedRegion> copiedRegion(const cv::Mat &grey, const CopyMap &guess, const CopyLimits &limits, std::stop_token stop)
{
    // Every step of a large picture takes a fifth of a second or so.
    const auto stopped = [&] { return stop.stop_requested(); };
    cv::Mat here, there;
    cv::GaussianBlur(grey, here, {}, kBlur);
    cv::warpAffine(here, there, guess.map, here.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    if (stopped())
        return std::nullopt;
    const cv::Mat reach = reachable(grey.size(), guess.map, limits.leastDistance);
    if (stopped())
        return std::nullopt;
    cv::Mat left;
    const cv::Mat correlation = windowCorrelation(here, there, &left, stop);
    if (stopped())
        return std::nullopt;
    cv::Mat alike = (correlation > limits.correlation) & reach;
    cv::morphologyEx(alike, alike, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_ELLIPSE, {9, 9}));
    if (stopped())
        return std::nullopt;
    cv::morphologyEx(alike, alike, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {9, 9}));
    if (stopped())
        return std::nullopt;
    alike &= reach;
    const int least = std::max(limits.leastArea, int(limits.leastShare * double(grey.total())));
    CopiedRegion region;
    region.map = guess.map;
    region.mask = partsAroundSeeds(alike, guess.seeds, least);
    region.area = cv::countNonZero(region.mask);
    if (region.area < least || stopped())
        return std::nullopt;
    region.box = cv::boundingRect(region.mask);
    cv::Matx23d back;
    cv::invertAffineTransform(guess.map, back);
    cv::warpAffine(region.mask, region.twinMask, back, grey.size(), cv::INTER_NEAREST | cv::WARP_INVERSE_MAP);
    region.twinBox = cv::boundingRect(region.twinMask);

    if (stopped())
        return std::nullopt;
    cv::Scalar meanHere, deviationHere, meanThere, deviationThere;
    cv::meanStdDev(here, meanHere, deviationHere, region.mask);
    cv::meanStdDev(there, meanThere, deviationThere, region.mask);
    if (deviationHere[0] < limits.leastContrast || deviationThere[0] < limits.leastContrast)
        return std::nullopt; // a plain surface equals every other one
    std::vector<double> values, differences;
    for (int y = region.box.y; y < region.box.br().y; y += 2) {
        for (int x = region.box.x; x < region.box.br().x; x += 2) {
            if (!region.mask.at<uchar>(y, x))
                continue;
            if (correlation.at<float>(y, x) == 0.0F)
                continue;
            values.push_back(correlation.at<float>(y, x));
            differences.push_back(left.at<float>(y, x));
        }
    }
    // Windows reach over the edge of a copy; the median leaves that rim out.
    region.difference = median(differences).value_or(1e9);
    region.correlation = median(values).value_or(0.0);
    const double determinant = guess.map(0, 0) * guess.map(1, 1) - guess.map(0, 1) * guess.map(1, 0);
    region.scale = std::sqrt(std::abs(determinant));
    region.rotationDegrees = std::atan2(guess.map(1, 0), guess.map(0, 0)) * 180.0 / std::numbers::pi;
    return region;
}

bool isSamePicture(const CopiedRegion &region, const CopyLimits &limits)
{
    return region.difference < limits.sameDifference && region.correlation > limits.sameCorrelation;
}

} // namespace fw
