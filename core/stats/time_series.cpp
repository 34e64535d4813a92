// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/time_series.h"

#include "base/numbers.h"
#include "stats/quantile.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr std::size_t kFewestPairs = 8;

double meanOf(const std::vector<double> &values)
{
    double sum = 0.0;
    std::size_t n = 0;
    for (const double v : values) {
        if (!std::isnan(v)) {
            sum += v;
            ++n;
        }
    }
    return n > 0 ? sum / double(n) : 0.0;
}

} // namespace

std::vector<double> savitzkyGolayWeights(int window, int order)
{
    const int half = window / 2;
    cv::Mat1d powers(window, order + 1);
    for (int i = 0; i < window; ++i) {
        for (int p = 0; p <= order; ++p)
            powers(i, p) = std::pow(double(i - half) / std::max(1, half), p);
    }
    // The fitted value in the middle is the constant term: the first row of (A'A)^-1 A'.
    cv::Mat1d inverse;
    cv::invert(powers, inverse, cv::DECOMP_SVD);
    return {inverse.ptr<double>(0), inverse.ptr<double>(0) + window};
}

int noiseWindow(double framesPerSecond)
{
    const int half = int(std::lround((0.37 * framesPerSecond - 1.0) / 2.0));
    return std::max(7, 2 * half + 1);
}

std::vector<double> noiseSamples(const std::vector<double> &values, int window)
{
    const std::vector<double> weights = savitzkyGolayWeights(window, 3);
    const int half = window / 2;
    const double left = std::sqrt(1.0 - weights[std::size_t(half)]);
    std::vector<double> samples(values.size(), kMissing);
    for (int i = half; i + half < int(values.size()); ++i) {
        double fitted = 0.0;
        for (int k = 0; k < window; ++k)
            fitted += weights[std::size_t(k)] * values[std::size_t(i - half + k)];
        samples[std::size_t(i)] = (values[std::size_t(i)] - fitted) / left;
    }
    return samples;
}

std::optional<double> noiseSigma(const std::vector<double> &values, int window)
{
    std::vector<double> samples = noiseSamples(values, window);
    std::erase_if(samples, [](double s) { return std::isnan(s); });
    return samples.size() < kFewestPairs ? std::nullopt : robustSigma(samples);
}

std::vector<double> autocorrelation(const std::vector<double> &values, int maxLag)
{
    const double mean = meanOf(values);
    std::vector<double> rho(std::size_t(maxLag) + 1, 0.0);
    double variance = 0.0;
    for (int lag = 0; lag <= maxLag; ++lag) {
        double sum = 0.0;
        int n = 0;
        for (std::size_t i = 0; i + std::size_t(lag) < values.size(); ++i) {
            const double product = (values[i] - mean) * (values[i + std::size_t(lag)] - mean);
            if (!std::isnan(product)) {
                sum += product;
                ++n;
            }
        }
        if (lag == 0)
            variance = n > 0 ? sum / n : 0.0;
        if (n >= 4 && variance > 0.0)
            rho[std::size_t(lag)] = std::clamp(sum / n / variance, -1.0, 1.0);
    }
    return rho;
}

double effectiveSampleSize(const std::vector<double> &x, const std::vector<double> &y, int maxLag)
{
    std::size_t n = 0;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
        n += std::isnan(x[i]) || std::isnan(y[i]) ? 0 : 1;
    if (n < 2)
        return double(n);
    maxLag = std::min(maxLag, int(x.size()) - 1);
    const auto rx = autocorrelation(x, maxLag), ry = autocorrelation(y, maxLag);
    double sum = 1.0;
    for (std::size_t k = 1; k < rx.size(); ++k)
        sum += 2.0 * rx[k] * ry[k];
    return std::clamp(double(n) / std::max(sum, 1e-6), 2.0, double(n));
}

std::optional<double> correlation(const std::vector<double> &x, const std::vector<double> &y)
{
    double sx = 0, sy = 0;
    std::size_t n = 0;
    const std::size_t size = std::min(x.size(), y.size());
    for (std::size_t i = 0; i < size; ++i) {
        if (std::isnan(x[i]) || std::isnan(y[i]))
            continue;
        sx += x[i];
        sy += y[i];
        ++n;
    }
    if (n < kFewestPairs)
        return std::nullopt;
    const double mx = sx / double(n), my = sy / double(n);
    double xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (std::isnan(x[i]) || std::isnan(y[i]))
            continue;
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    if (xx <= 0.0 || yy <= 0.0)
        return std::nullopt;
    return xy / std::sqrt(xx * yy);
}

std::optional<double> partialCorrelation(const std::vector<double> &x, const std::vector<double> &y,
                                         const std::vector<std::vector<double>> &controls)
{
    const int columns = int(controls.size()) + 1;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        bool whole = !std::isnan(x[i]) && !std::isnan(y[i]);
        for (const auto &c : controls)
            whole = whole && i < c.size() && !std::isnan(c[i]);
        if (whole)
            rows.push_back(i);
    }
    if (rows.size() < kFewestPairs + controls.size())
        return std::nullopt;
    cv::Mat1d design(int(rows.size()), columns), both(int(rows.size()), 2);
    for (int r = 0; r < design.rows; ++r) {
        const std::size_t i = rows[std::size_t(r)];
        design(r, 0) = 1.0;
        for (int c = 1; c < columns; ++c)
            design(r, c) = controls[std::size_t(c - 1)][i];
        both(r, 0) = x[i];
        both(r, 1) = y[i];
    }
    cv::Mat1d solution;
    cv::solve(design, both, solution, cv::DECOMP_SVD);
    const cv::Mat1d left = both - design * solution;
    const cv::Mat1d first = left.col(0).clone(), second = left.col(1).clone();
    return correlation({first.begin(), first.end()}, {second.begin(), second.end()});
}

std::vector<double> withoutLinear(const std::vector<double> &y, const std::vector<double> &x)
{
    double sx = 0, sy = 0, n = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (std::isnan(x[i]) || std::isnan(y[i]))
            continue;
        sx += x[i];
        sy += y[i];
        n += 1.0;
    }
    std::vector<double> left(y.size(), kMissing);
    if (n < 1.0)
        return left;
    const double mx = sx / n, my = sy / n;
    double xx = 0, xy = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        if (std::isnan(x[i]) || std::isnan(y[i]))
            continue;
        xx += (x[i] - mx) * (x[i] - mx);
        xy += (x[i] - mx) * (y[i] - my);
    }
    const double slope = xx > 0.0 ? xy / xx : 0.0;
    for (std::size_t i = 0; i < y.size(); ++i)
        left[i] = y[i] - my - slope * (x[i] - mx);
    return left;
}

std::optional<double> theilSenSlope(const std::vector<double> &x, const std::vector<double> &y)
{
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (!std::isnan(x[i]) && !std::isnan(y[i]))
            at.push_back(i);
    }
    if (at.size() < 3)
        return std::nullopt;
    const std::size_t step = (at.size() + 399) / 400;
    std::vector<double> slopes;
    for (std::size_t a = 0; a < at.size(); a += step) {
        for (std::size_t b = a + step; b < at.size(); b += step) {
            if (x[at[a]] != x[at[b]])
                slopes.push_back((y[at[b]] - y[at[a]]) / (x[at[b]] - x[at[a]]));
        }
    }
    return median(std::move(slopes));
}

} // namespace fw
