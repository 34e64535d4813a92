// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/behaviour_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Windows half a second apart share nearly everything.
constexpr double kOverlap = kBehaviourWindowSeconds / kBehaviourStrideSeconds;

/// Rows evenly over the matrix, at most `count`.
SampleMatrix thinned(const SampleMatrix &samples, std::size_t count)
{
    if (samples.rows() <= count)
        return samples;
    SampleMatrix out{samples.width, {}};
    for (std::size_t i = 0; i < count; ++i)
        out.add(samples.row(i * samples.rows() / count));
    return out;
}

} // namespace

Result<BehaviourModel> BehaviourModel::fit(const SampleMatrix &own, const SampleMatrix &cohort,
                                           const BehaviourModelOptions &options, std::optional<KernelSvm> svm)
{
    if (own.width != kBehaviourPairs || own.rows() < 2 || (cohort.rows() > 0 && cohort.width != kBehaviourPairs))
        return fail(Errc::BadData, u"a person's behaviour needs two windows of ten seconds or more"_s);
    BehaviourModel model;
    const double count = double(own.rows());
    std::size_t active = 0;
    double variance = 0.0;
    for (std::size_t p = 0; p < kBehaviourPairs; ++p) {
        double mean = 0.0, squares = 0.0;
        for (std::size_t i = 0; i < own.rows(); ++i)
            mean += own.row(i)[p] / count;
        for (std::size_t i = 0; i < own.rows(); ++i)
            squares += (own.row(i)[p] - mean) * (own.row(i)[p] - mean);
        const double spread = std::sqrt(squares / count);
        model.m_mean.push_back(mean);
        model.m_spread.push_back(std::max(spread, kLeastSpread));
        active += spread > 0.0 ? 1 : 0;
        variance += std::pow(spread / model.m_spread.back(), 2);
    }
    const auto scaled = [&](const SampleMatrix &samples) {
        SampleMatrix out{samples.width, {}};
        for (std::size_t i = 0; i < samples.rows(); ++i)
            out.add(model.standardised(samples.row(i)));
        return out;
    };
    const SampleMatrix inside = scaled(own);
    if (svm && svm->width() == kBehaviourPairs) {
        model.m_svm = std::move(svm);
    } else {
        // The variance of the pairs that vary is 1 but for the floor.
        const double gamma = options.gamma > 0.0 ? options.gamma : 1.0 / std::max(variance, 1.0);
        auto trained = KernelSvm::oneClass(inside, {options.nu, gamma});
        if (!trained)
            return Failure{trained.error()};
        model.m_svm = std::move(*trained);
    }
    model.m_weightSum = std::max(options.nu * count, 1e-12);
    if (cohort.rows() < 2)
        return model;
    const SampleMatrix outside = scaled(cohort);
    SampleMatrix both = thinned(inside, std::max<std::size_t>(outside.rows(), 50));
    both.values.insert(both.values.end(), outside.values.begin(), outside.values.end());
    model.m_axes = principalAxes(both, kAxes);
    if (model.m_axes) {
        model.m_own = ShrunkGaussian::fit(model.m_axes->project(inside), kOverlap);
        model.m_cohort = ShrunkGaussian::fit(model.m_axes->project(outside), kOverlap);
    }
    return model;
}

std::vector<double> BehaviourModel::standardised(std::span<const double> z) const
{
    std::vector<double> out(z.size());
    for (std::size_t p = 0; p < z.size(); ++p)
        out[p] = (z[p] - m_mean[p]) / m_spread[p];
    return out;
}

double BehaviourModel::centrality(std::span<const double> z) const
{
    return m_svm->kernelSum(standardised(z)) / m_weightSum;
}

bool BehaviourModel::accepts(std::span<const double> z) const
{
    return m_svm->decision(standardised(z)) >= 0.0;
}

std::optional<double> BehaviourModel::log10Ratio(std::span<const double> z) const
{
    if (!m_own || !m_cohort)
        return std::nullopt;
    const std::vector<double> at = m_axes->project(standardised(z));
    return (m_own->logDensity(at) - m_cohort->logDensity(at)) / std::numbers::ln10;
}

std::vector<double> BehaviourModel::along(std::span<const double> z) const
{
    return m_axes ? m_axes->project(standardised(z)) : std::vector<double>{};
}

} // namespace fw
