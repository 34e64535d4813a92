// SPDX-License-Identifier: GPL-3.0-or-later
#include "cfa_map.h"

#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 128;
constexpr int kLeastSquares = 200;
constexpr double kWindowSigma = 1.0; ///< of the 7 x 7 window of local variances, px
constexpr double kFloor = 0.02;      ///< variance below which rounding alone speaks, grey levels squared
constexpr double kLeastError = 0.25; ///< mean variance of a square that can be compared, grey levels squared

/// What the mean of the four neighbours does not predict.
cv::Mat predictionError(const cv::Mat &green)
{
    const cv::Mat kernel = (cv::Mat_<float>(3, 3) << 0, 0.25F, 0, 0.25F, -1, 0.25F, 0, 0.25F, 0);
    cv::Mat error;
    cv::filter2D(green, error, CV_32F, kernel, {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
    return error;
}

/// Variance of the error around each sample over the samples of its own kind: those of its colour on the
/// chess board. Empty when stopped.
cv::Mat localVariance(const cv::Mat &error, std::stop_token stop)
{
    cv::Mat window = cv::getGaussianKernel(7, kWindowSigma, CV_32F);
    window = window * window.t();
    for (int y = 0; y < 7; ++y) {
        for (int x = 0; x < 7; ++x) {
            if ((x + y) % 2 != 0)
                window.at<float>(y, x) = 0.0F;
        }
    }
    window /= cv::sum(window)[0];
    cv::Mat mean, square, variance;
    cv::filter2D(error, mean, CV_32F, window, {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
    if (stop.stop_requested())
        return {};
    cv::filter2D(error.mul(error), square, CV_32F, window, {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
    variance = square - mean.mul(mean);
    return cv::max(variance, kFloor);
}

double squared(double x)
{
    return x * x;
}

double logNormal(double value, double mean, double sigma)
{
    return -std::log(sigma) - 0.5 * squared((value - mean) / sigma);
}

} // namespace

Result<CfaFeatures> cfaFeatures(const cv::Mat &bgr, std::stop_token stop)
{
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than %1 px"_s.arg(kLeastSide));
    const cv::Size cells(bgr.cols / kCfaCell, bgr.rows / kCfaCell);
    const cv::Rect tiled(0, 0, cells.width * kCfaCell, cells.height * kCfaCell);
    cv::Mat plane, green;
    cv::extractChannel(bgr(tiled), plane, 1);
    plane.convertTo(green, CV_32F);
    const cv::Mat variance = localVariance(predictionError(green), stop);
    if (variance.empty() || stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    cv::Mat logs;
    cv::log(variance, logs);
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    cv::Mat clipped = (plane < 2) | (plane > 253), clippedShare, level;
    cv::resize(clipped, clippedShare, cells, 0, 0, cv::INTER_AREA);
    cv::resize(variance, level, cells, 0, 0, cv::INTER_AREA);
    CfaFeatures features;
    features.textured = (level > kLeastError) & (clippedShare < 0.05 * 255.0);
    features.logRatio = cv::Mat(cells, CV_32FC1);
    std::vector<double> values;
    for (int y = 0; y < cells.height; ++y) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        for (int x = 0; x < cells.width; ++x) {
            double even = 0.0, odd = 0.0;
            for (int v = 0; v < kCfaCell; ++v) {
                const float *row = logs.ptr<float>(y * kCfaCell + v) + x * kCfaCell;
                for (int u = 0; u < kCfaCell; ++u)
                    ((u + v) % 2 == 0 ? even : odd) += double(row[u]);
            }
            const double ratio = (even - odd) / (0.5 * kCfaCell * kCfaCell);
            features.logRatio.at<float>(y, x) = float(ratio);
            if (features.textured.at<uchar>(y, x))
                values.push_back(ratio);
        }
    }
    features.count = int(values.size());
    if (features.count < kLeastSquares)
        return fail(Errc::NotApplicable, u"only %1 squares of %2 px hold texture that is not clipped; %3 are needed"_s
                                             .arg(features.count).arg(kCfaCell).arg(kLeastSquares));
    features.median = *median(std::move(values));
    features.evenMeasured = features.median >= 0.0;
    if (!features.evenMeasured) {
        features.logRatio = -features.logRatio;
        features.median = -features.median;
    }
    return features;
}

double CfaMixture::logRatio(double value) const
{
    return logNormal(value, mean, sigma) - logNormal(value, 0.0, otherSigma);
}

CfaMixture fitCfaMixture(const CfaFeatures &features)
{
    std::vector<double> values;
    for (int y = 0; y < features.logRatio.rows; ++y) {
        for (int x = 0; x < features.logRatio.cols; ++x) {
            if (features.textured.at<uchar>(y, x))
                values.push_back(double(features.logRatio.at<float>(y, x)));
        }
    }
    CfaMixture mixture;
    const double spread = std::max(0.05, robustSigma(values).value_or(0.3));
    mixture.mean = std::max(0.1, features.median);
    mixture.sigma = mixture.otherSigma = spread;
    mixture.share = 0.8;
    for (int round = 0; round < 60; ++round) {
        double weights = 0.0, sum = 0.0, squares = 0.0, otherWeights = 0.0, otherSquares = 0.0;
        for (const double value : values) {
            const double odds = mixture.share / (1.0 - mixture.share) * std::exp(std::clamp(mixture.logRatio(value), -50.0, 50.0));
            const double chance = odds / (1.0 + odds);
            weights += chance;
            sum += chance * value;
            squares += chance * squared(value - mixture.mean);
            otherWeights += 1.0 - chance;
            otherSquares += (1.0 - chance) * squared(value);
        }
        mixture.share = std::clamp(weights / double(values.size()), 0.01, 0.99);
        if (weights > 1.0) {
            mixture.mean = std::max(0.02, sum / weights);
            mixture.sigma = std::max(0.05, std::sqrt(squares / weights));
        }
        if (otherWeights > 1.0) // far ends belong to neither: the width stays near the other one's
            mixture.otherSigma = std::clamp(std::sqrt(otherSquares / otherWeights), 0.5 * mixture.sigma, 1.5 * mixture.sigma);
    }
    return mixture;
}

cv::Mat cfaEvidence(const CfaFeatures &features, const CfaMixture &mixture)
{
    cv::Mat evidence(features.logRatio.size(), CV_32FC1, cv::Scalar(0)), smooth;
    for (int y = 0; y < evidence.rows; ++y) {
        for (int x = 0; x < evidence.cols; ++x) {
            if (features.textured.at<uchar>(y, x))
                evidence.at<float>(y, x) = float(mixture.logRatio(double(features.logRatio.at<float>(y, x))));
        }
    }
    cv::medianBlur(evidence, smooth, 5);
    smooth.setTo(0.0, features.textured == 0);
    return smooth;
}

} // namespace fw
