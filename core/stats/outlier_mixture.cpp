// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/outlier_mixture.h"

#include "stats/quantile.h"

#include <Eigen/Dense>

#include <cmath>
#include <numbers>

namespace fw {

std::optional<OutlierMixture> OutlierMixture::fit(const SampleMatrix &samples, const OutlierMixtureSettings &settings)
{
    using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto n = Eigen::Index(samples.rows()), width = Eigen::Index(samples.width);
    if (n < 2 * width || width == 0)
        return std::nullopt;
    const Eigen::Map<const Rows> x(samples.values.data(), n, width);
    // A group of strangers would widen the covariance of all so far that it lies within: the first one is made of
    // medians along each coordinate.
    Eigen::RowVectorXd mean(width);
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(width, width);
    for (Eigen::Index k = 0; k < width; ++k) {
        const std::vector<double> values(x.col(k).begin(), x.col(k).end());
        mean[k] = *median(values);
        const double sigma = *robustSigma(values);
        covariance(k, k) = sigma * sigma;
    }
    Eigen::VectorXd weights(n);
    Eigen::MatrixXd factor;
    double outlierShare = settings.outlierShare, before = -1e300;
    for (int round = 0; round < settings.mostRounds; ++round) {
        if (round > 0) {
            const double sum = weights.sum();
            if (sum < double(2 * width))
                return std::nullopt;
            mean = weights.transpose() * x / sum;
            const Rows deviations = x.rowwise() - mean;
            covariance = deviations.transpose() * weights.asDiagonal() * deviations / sum;
        }
        const Rows centred = x.rowwise() - mean;
        const double spread = covariance.trace() / double(width);
        if (!(spread > 0.0))
            return std::nullopt;
        covariance.diagonal().array() += settings.ridge * spread;
        const Eigen::LLT<Eigen::MatrixXd> cholesky(covariance);
        if (cholesky.info() != Eigen::Success)
            return std::nullopt;
        factor = cholesky.matrixL();
        const double normaliser = 0.5 * double(width) * std::log(2.0 * std::numbers::pi) + factor.diagonal().array().log().sum();
        const Eigen::VectorXd squared = cholesky.matrixL().solve(centred.transpose()).colwise().squaredNorm().transpose();
        double likelihood = 0.0;
        for (Eigen::Index i = 0; i < n; ++i) {
            const double usual = std::log(1.0 - outlierShare) - normaliser - 0.5 * squared[i];
            const double other = std::log(outlierShare) - settings.outlierDensity;
            const double top = std::max(usual, other), both = top + std::log(std::exp(usual - top) + std::exp(other - top));
            weights[i] = std::exp(usual - both);
            likelihood += both;
        }
        outlierShare = std::clamp(1.0 - weights.mean(), 1e-6, 0.5);
        if (likelihood - before < 1e-4 * double(n))
            break;
        before = likelihood;
    }
    OutlierMixture mixture;
    mixture.m_mean.assign(mean.data(), mean.data() + width);
    for (Eigen::Index i = 0; i < width; ++i) {
        for (Eigen::Index k = 0; k <= i; ++k)
            mixture.m_factor.push_back(factor(i, k));
    }
    mixture.m_outliers = double((weights.array() < 0.5).count()) / double(n);
    return mixture;
}

double OutlierMixture::squaredDistance(std::span<const double> sample) const
{
    double sum = 0.0;
    std::vector<double> solved(m_mean.size());
    const double *row = m_factor.data();
    for (std::size_t i = 0; i < solved.size(); row += ++i) {
        double value = sample[i] - m_mean[i];
        for (std::size_t k = 0; k < i; ++k)
            value -= row[k] * solved[k];
        solved[i] = value / row[i];
        sum += solved[i] * solved[i];
    }
    return sum;
}

} // namespace fw
