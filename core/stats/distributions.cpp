// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/distributions.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fw {

double poissonPmf(int n, double mean)
{
    if (n < 0)
        return 0.0;
    if (mean <= 0.0)
        return n == 0 ? 1.0 : 0.0;
    return std::exp(n * std::log(mean) - mean - std::lgamma(n + 1.0));
}

double poissonCdf(int n, double mean)
{
    double sum = 0.0;
    for (int k = 0; k <= n; ++k)
        sum += poissonPmf(k, mean);
    return std::min(sum, 1.0);
}

double log10BinomialTail(int n, int k, double p)
{
    if (k <= 0 || n <= 0)
        return k <= 0 ? 0.0 : -std::numeric_limits<double>::infinity();
    if (k > n || p <= 0.0)
        return -std::numeric_limits<double>::infinity();
    if (p >= 1.0)
        return 0.0;
    // The first term in logarithms, the others relative to it: their ratios fall beyond the mode.
    const double first = std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0)
        + k * std::log(p) + (n - k) * std::log1p(-p);
    double term = 1.0, sum = 1.0;
    for (int i = k + 1; i <= n; ++i) {
        term *= (n - i + 1.0) / i * p / (1.0 - p);
        sum += term;
        if (term < 1e-12 * sum && i > n * p)
            break;
    }
    return std::min(0.0, (first + std::log(sum)) / std::log(10.0));
}

double equalRatesCdf(int n, double t, int m, double u)
{
    const int total = n + m;
    const double share = t / (t + u);
    double sum = 0.0;
    for (int k = 0; k <= n; ++k) {
        const double choose = std::lgamma(total + 1.0) - std::lgamma(k + 1.0) - std::lgamma(total - k + 1.0);
        sum += std::exp(choose + k * std::log(share) + (total - k) * std::log1p(-share));
    }
    return std::min(sum, 1.0);
}

MixedCount::MixedCount(RatePopulation population, double minutes, CounterQuality quality)
    : m_shape(population.variation > 0.0 ? 1.0 / (population.variation * population.variation)
                                         : std::numeric_limits<double>::infinity())
    , m_mean(population.meanPerMinute * minutes * quality.recall)
    , m_false(quality.falsePerMinute * minutes)
{
}

double MixedCount::countedTrue(int n) const
{
    if (m_mean <= 0.0)
        return n == 0 ? 1.0 : 0.0;
    if (std::isinf(m_shape))
        return poissonPmf(n, m_mean);
    // Thinning a Gamma-mixed Poisson count scales the rate only, so the recall is in the mean.
    const double logTerm = std::lgamma(m_shape + n) - std::lgamma(m_shape) - std::lgamma(n + 1.0)
        - m_shape * std::log1p(m_mean / m_shape) + n * (std::log(m_mean) - std::log(m_shape + m_mean));
    return std::exp(logTerm);
}

double MixedCount::pmf(int n) const
{
    double sum = 0.0;
    for (int wrong = 0; wrong <= n; ++wrong)
        sum += countedTrue(n - wrong) * poissonPmf(wrong, m_false);
    return sum;
}

double MixedCount::cdf(int n) const
{
    double sum = 0.0;
    for (int k = 0; k <= n; ++k)
        sum += pmf(k);
    return std::min(sum, 1.0);
}

double MixedCount::tail(int n) const
{
    return n <= 0 ? 1.0 : std::max(0.0, 1.0 - cdf(n - 1));
}

double uniformKsPValue(std::vector<double> samples)
{
    if (samples.empty())
        return 1.0;
    std::sort(samples.begin(), samples.end());
    const double n = double(samples.size());
    double distance = 0.0;
    for (std::size_t i = 0; i < samples.size(); ++i)
        distance = std::max({distance, samples[i] - double(i) / n, double(i + 1) / n - samples[i]});
    const double scaled = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * distance;
    if (scaled < 0.2)
        return 1.0; // the series does not converge there, and its value is 1 to many digits
    double sum = 0.0;
    for (int k = 1; k <= 100; ++k)
        sum += (k % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * k * k * scaled * scaled);
    return std::clamp(sum, 0.0, 1.0);
}

namespace {

/// Regularised incomplete beta function by Lentz's continued fraction.
double incompleteBeta(double a, double b, double x)
{
    if (x <= 0.0 || x >= 1.0)
        return x <= 0.0 ? 0.0 : 1.0;
    if (x > (a + 1.0) / (a + b + 2.0))
        return 1.0 - incompleteBeta(b, a, 1.0 - x);
    constexpr double kTiny = 1e-300;
    const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)) / a;
    double c = 1.0, d = 0.0, f = 1.0;
    for (int i = 0; i <= 500; ++i) {
        const int m = i / 2;
        double term = 1.0;
        if (i > 0) {
            term = i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                              : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        }
        d = 1.0 + term * d;
        d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
        c = 1.0 + term / c;
        c = std::abs(c) < kTiny ? kTiny : c;
        f *= c * d;
        if (i > 0 && std::abs(1.0 - c * d) < 1e-14)
            break;
    }
    return front * (f - 1.0);
}

} // namespace

double studentTail(double t, double degrees)
{
    const double half = 0.5 * incompleteBeta(0.5 * degrees, 0.5, degrees / (degrees + t * t));
    return t >= 0.0 ? half : 1.0 - half;
}

} // namespace fw
