// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace fw {

/// P(N = n) of a Poisson count with this mean (>= 0).
double poissonPmf(int n, double mean);
double poissonCdf(int n, double mean); ///< P(N <= n)

/// Conditional test of two Poisson rates: given n events in time t and m in time u, the chance under
/// equal rates of at most n of the n + m events falling into t. Exact (binomial).
double equalRatesCdf(int n, double t, int m, double u);

/// log10 P(N >= k) of a binomial count: n trials of probability p. Exact sum, also far out in the tail.
double log10BinomialTail(int n, int k, double p);

/// P(T >= t) of Student's distribution with this many degrees of freedom (> 0, need not be whole).
double studentTail(double t, double degrees);

/// A rate that differs from person to person: Gamma with this mean (events per minute) and
/// coefficient of variation.
struct RatePopulation
{
    double meanPerMinute = 0.0;
    double variation = 0.0; ///< standard deviation / mean; 0 = everybody alike
};

/// What a counter misses and invents.
struct CounterQuality
{
    double recall = 1.0;         ///< share of events that are counted
    double falsePerMinute = 0.0; ///< events counted that did not happen
};

/// Number of events that a counter reports in `minutes` of one person drawn from a population:
/// a negative binomial (the Gamma mixture of Poisson counts), thinned by the recall, plus an
/// independent Poisson number of false ones.
class MixedCount
{
public:
    MixedCount(RatePopulation population, double minutes, CounterQuality quality = {});

    double pmf(int n) const; ///< P(N = n)
    double cdf(int n) const; ///< P(N <= n)
    double tail(int n) const; ///< P(N >= n)

private:
    double countedTrue(int n) const;

    double m_shape = 0.0; ///< of the Gamma; infinite when everybody is alike
    double m_mean = 0.0;  ///< expected number of true events that are counted
    double m_false = 0.0; ///< expected number of false ones
};

/// Two-sided p-value of Kolmogorov's distance between samples in 0..1 and the uniform distribution
/// (asymptotic series with Stephens' correction; good from 20 samples on).
double uniformKsPValue(std::vector<double> samples);

} // namespace fw
