// SPDX-License-Identifier: GPL-3.0-or-later
#include "local_anomaly.h"

#include "photo/residual_codes.h"
#include "stats/principal_axes.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kCell = 8;
constexpr std::uint16_t kNone = 0xffff;
constexpr std::size_t kLeastWindows = 60;
constexpr float kDarkest = 6.0f, kBrightest = 252.0f;

/// Counts of every cell of 8 x 8 px: the descriptor's bins, then the usable samples.
cv::Mat cellCounts(const cv::Mat &luma, int *bins)
{
    const ShortDescriptor descriptor{1, 2.0, Folding::Both};
    const CodeMaps maps = codeMaps(luma, descriptor);
    *bins = 2 * maps.half;
    cv::Mat clipped = (luma < kDarkest) | (luma > kBrightest);
    cv::dilate(clipped, clipped, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7})); // tuples reach over the edge
    const int high = luma.rows / kCell, wide = luma.cols / kCell;
    cv::Mat counts(high, wide * (*bins + 1), CV_32FC1, cv::Scalar(0));
    for (int y = 0; y < high * kCell; ++y) {
        float *row = counts.ptr<float>(y / kCell);
        const uchar *bad = clipped.ptr<uchar>(y);
        for (int i = 0; i < 2; ++i) {
            const std::uint16_t *along = maps.along[i].ptr<std::uint16_t>(y), *across = maps.across[i].ptr<std::uint16_t>(y);
            for (int x = 0; x < wide * kCell; ++x) {
                float *cell = row + (x / kCell) * (*bins + 1);
                if (bad[x])
                    continue;
                if (along[x] != kNone)
                    cell[along[x]] += 1.0f;
                if (across[x] != kNone)
                    cell[maps.half + across[x]] += 1.0f;
                cell[*bins] += 0.5f;
            }
        }
    }
    return counts;
}

/// The normal distribution in whitened coordinates.
struct Common
{
    std::vector<double> mean;
    cv::Mat inverse; ///< CV_64FC1
    double logDeterminant = 0.0;

    double distance(std::span<const double> sample) const
    {
        const int n = inverse.rows;
        double sum = 0.0;
        for (int i = 0; i < n; ++i) {
            const double *row = inverse.ptr<double>(i);
            double inner = 0.0;
            for (int k = 0; k < n; ++k)
                inner += row[k] * (sample[std::size_t(k)] - mean[std::size_t(k)]);
            sum += inner * (sample[std::size_t(i)] - mean[std::size_t(i)]);
        }
        return sum;
    }
};

/// Mean and covariance of weighted samples; a small ridge keeps it invertible.
Common weighted(const SampleMatrix &samples, const std::vector<double> &weights)
{
    const int n = int(samples.width);
    Common common;
    common.mean.assign(samples.width, 0.0);
    double total = 0.0;
    for (std::size_t i = 0; i < samples.rows(); ++i) {
        total += weights[i];
        for (std::size_t k = 0; k < samples.width; ++k)
            common.mean[k] += weights[i] * samples.row(i)[k];
    }
    for (double &value : common.mean)
        value /= std::max(total, 1e-9);
    cv::Mat covariance(n, n, CV_64FC1, cv::Scalar(0));
    std::vector<double> off(samples.width);
    for (std::size_t i = 0; i < samples.rows(); ++i) {
        for (std::size_t k = 0; k < samples.width; ++k)
            off[k] = samples.row(i)[k] - common.mean[k];
        for (int a = 0; a < n; ++a) {
            double *row = covariance.ptr<double>(a);
            const double left = weights[i] * off[std::size_t(a)];
            for (int b = 0; b <= a; ++b)
                row[b] += left * off[std::size_t(b)];
        }
    }
    for (int a = 0; a < n; ++a) {
        for (int b = 0; b <= a; ++b)
            covariance.at<double>(b, a) = covariance.at<double>(a, b) /= std::max(total, 1e-9);
        covariance.at<double>(a, a) += 1e-3;
    }
    cv::invert(covariance, common.inverse, cv::DECOMP_CHOLESKY);
    common.logDeterminant = std::log(std::max(cv::determinant(covariance), 1e-300));
    return common;
}

/// A common kind beside a uniform one.
struct Mixture
{
    Common common;
    double logLikelihood = -1e300;
};

/// All windows, those of one half of the picture, or those of its border: a place that differs would
/// otherwise widen the distribution until it no longer stands out, so one start should not contain it.
constexpr int kStarts = 6;
std::vector<double> startWeights(int start, const std::vector<cv::Point> &places, cv::Size grid)
{
    std::vector<double> weights;
    for (const cv::Point &at : places) {
        const bool left = 2 * at.x < grid.width, top = 2 * at.y < grid.height;
        const bool border = 5 * at.x < grid.width || 5 * at.x >= 4 * grid.width || 5 * at.y < grid.height || 5 * at.y >= 4 * grid.height;
        weights.push_back(start == 0 || (start == 5 && border) || (start == 1 && left) || (start == 2 && !left) || (start == 3 && top) || (start == 4 && !top) ? 1.0 : 0.0);
    }
    return weights;
}

/// Expectation maximisation from given memberships. The uniform density is that of a standard normal
/// distribution at the cut: the samples are whitened.
Mixture fitFrom(const SampleMatrix &points, std::vector<double> weights, const AnomalySettings &s)
{
    Mixture mixture;
    double share = 0.9;
    // The cut is that of all axes; fewer have shorter distances.
    const double cut = s.cut * double(points.width) / double(s.axes);
    for (int round = 0; round < s.rounds; ++round) {
        mixture.common = weighted(points, weights);
        double sum = 0.0, logLikelihood = 0.0;
        for (std::size_t i = 0; i < points.rows(); ++i) {
            const double normal = std::log(share) - 0.5 * (mixture.common.distance(points.row(i)) + mixture.common.logDeterminant);
            const double uniform = std::log(1.0 - share) - 0.5 * cut;
            const double most = std::max(normal, uniform);
            const double both = most + std::log(std::exp(normal - most) + std::exp(uniform - most));
            weights[i] = std::exp(normal - both);
            sum += weights[i];
            logLikelihood += both;
        }
        share = std::clamp(sum / double(points.rows()), 0.5, 0.999);
        const bool steady = std::abs(logLikelihood - mixture.logLikelihood) < 1e-4 * double(points.rows());
        mixture.logLikelihood = logLikelihood;
        if (steady)
            break;
    }
    return mixture;
}

} // namespace

Result<AnomalyMap> localAnomaly(const cv::Mat &luma, const AnomalySettings &s, std::stop_token stop)
{
    int bins = 0;
    const int reach = s.window / kCell, step = s.stride / kCell;
    const int cellsHigh = luma.rows / kCell, cellsWide = luma.cols / kCell;
    if (cellsHigh < reach || cellsWide < reach)
        return fail(Errc::NotApplicable, u"the picture is too small for a map of its micro-texture"_s);
    const cv::Mat counts = cellCounts(luma, &bins);
    const int width = bins + 1, high = (cellsHigh - reach) / step + 1, wide = (cellsWide - reach) / step + 1;
    SampleMatrix samples;
    std::vector<cv::Point> places;
    std::vector<double> sums(static_cast<std::size_t>(width)), sample(static_cast<std::size_t>(bins));
    cv::Mat column(1, cellsWide * width, CV_32FC1);
    for (int y = 0; y < high; ++y) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        cv::reduce(counts.rowRange(y * step, y * step + reach), column, 0, cv::REDUCE_SUM, CV_32F);
        const float *cells = column.ptr<float>(0);
        for (int x = 0; x < wide; ++x) {
            std::fill(sums.begin(), sums.end(), 0.0);
            for (int c = x * step; c < x * step + reach; ++c) {
                for (int k = 0; k < width; ++k)
                    sums[std::size_t(k)] += cells[c * width + k];
            }
            if (sums.back() < s.usable * s.window * s.window)
                continue;
            double halves[2] = {};
            for (int k = 0; k < bins; ++k)
                halves[k / (bins / 2)] += sums[std::size_t(k)];
            for (int k = 0; k < bins; ++k)
                sample[std::size_t(k)] = std::sqrt(sums[std::size_t(k)] / std::max(halves[k / (bins / 2)], 1.0));
            samples.add(sample);
            places.emplace_back(x, y);
        }
    }
    AnomalyMap map;
    map.covered = cv::Rect2f(float(s.window - s.stride) / 2.0f, float(s.window - s.stride) / 2.0f, float(wide * s.stride), float(high * s.stride));
    map.usable = double(places.size()) / double(wide * high);
    map.distance = cv::Mat(high, wide, CV_32FC1, cv::Scalar(std::nan("")));
    if (places.size() < kLeastWindows)
        return fail(Errc::NotApplicable, u"too little of the picture is large enough, neither dark nor clipped"_s);

    SampleMatrix fitted;
    const std::size_t every = (samples.rows() + s.mostFitted - 1) / s.mostFitted;
    for (std::size_t i = 0; i < samples.rows(); i += every)
        fitted.add(samples.row(i));
    const auto axes = principalAxes(fitted, std::min(s.axes, fitted.rows() / 4));
    if (!axes)
        return fail(Errc::NotApplicable, u"the picture has the same texture everywhere"_s);
    const auto whitened = [&](const SampleMatrix &from) {
        SampleMatrix to = axes->project(from);
        for (std::size_t i = 0; i < to.rows(); ++i) {
            for (std::size_t k = 0; k < to.width; ++k)
                to.row(i)[k] /= std::sqrt(std::max(axes->variances[k], 1e-12));
        }
        return to;
    };
    const SampleMatrix points = whitened(fitted);
    std::vector<cv::Point> fittedAt;
    for (std::size_t i = 0; i < samples.rows(); i += every)
        fittedAt.push_back(places[i]);
    std::optional<Mixture> best;
    for (int start = 0; start < kStarts; ++start) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const Mixture mixture = fitFrom(points, startWeights(start, fittedAt, {wide, high}), s);
        if (!best || mixture.logLikelihood > best->logLikelihood)
            best = mixture;
    }
    const Common &common = best->common;
    std::size_t outside = 0;
    const SampleMatrix all = every == 1 ? points : whitened(samples);
    for (std::size_t i = 0; i < all.rows(); ++i) {
        const double distance = common.distance(all.row(i)) * double(s.axes) / double(points.width);
        map.distance.at<float>(places[i]) = float(distance);
        outside += distance > s.cut;
    }
    map.outside = double(outside) / double(all.rows());
    return map;
}

} // namespace fw
