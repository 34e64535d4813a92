// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/principal_axes.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fw {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Rows> viewOf(const SampleMatrix &samples)
{
    return {samples.values.data(), Eigen::Index(samples.rows()), Eigen::Index(samples.width)};
}

} // namespace

std::vector<double> PrincipalAxes::project(std::span<const double> sample) const
{
    std::vector<double> out(axes.rows(), 0.0);
    for (std::size_t a = 0; a < out.size(); ++a) {
        const auto axis = axes.row(a);
        for (std::size_t k = 0; k < sample.size(); ++k)
            out[a] += axis[k] * (sample[k] - mean[k]);
    }
    return out;
}

SampleMatrix PrincipalAxes::project(const SampleMatrix &samples) const
{
    SampleMatrix out{axes.rows(), {}};
    for (std::size_t i = 0; i < samples.rows(); ++i) {
        const auto point = project(samples.row(i));
        out.values.insert(out.values.end(), point.begin(), point.end());
    }
    return out;
}

std::optional<PrincipalAxes> principalAxes(const SampleMatrix &samples, std::size_t count)
{
    if (samples.rows() < 2)
        return std::nullopt;
    const auto x = viewOf(samples);
    const Eigen::VectorXd mean = x.colwise().mean();
    const Eigen::MatrixXd centred = x.rowwise() - mean.transpose();
    const Eigen::MatrixXd covariance = centred.transpose() * centred / double(samples.rows() - 1);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
    PrincipalAxes out;
    out.mean.assign(mean.data(), mean.data() + mean.size());
    out.axes.width = samples.width;
    const auto values = solver.eigenvalues();
    const double floor = 1e-12 * std::max(values[values.size() - 1], 1e-300);
    for (Eigen::Index i = values.size(); i-- > 0 && out.variances.size() < count;) {
        if (values[i] <= floor)
            break;
        Eigen::VectorXd axis = solver.eigenvectors().col(i);
        Eigen::Index largest = 0;
        axis.cwiseAbs().maxCoeff(&largest);
        if (axis[largest] < 0.0)
            axis = -axis;
        out.axes.values.insert(out.axes.values.end(), axis.data(), axis.data() + axis.size());
        out.variances.push_back(values[i]);
    }
    if (out.variances.empty())
        return std::nullopt;
    return out;
}

std::optional<ShrunkGaussian> ShrunkGaussian::fit(const SampleMatrix &samples, double overlap)
{
    const double count = double(samples.rows());
    if (samples.rows() < 2)
        return std::nullopt;
    const auto x = viewOf(samples);
    const Eigen::Index width = x.cols();
    const Eigen::VectorXd mean = x.colwise().mean();
    const Eigen::MatrixXd centred = x.rowwise() - mean.transpose();
    const Eigen::MatrixXd covariance = centred.transpose() * centred / count;
    const double scale = covariance.trace() / double(width);
    if (!(scale > 0.0))
        return std::nullopt;
    const Eigen::MatrixXd sphere = scale * Eigen::MatrixXd::Identity(width, width);
    const double spread = (covariance - sphere).squaredNorm();
    double noise = 0.0;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const Eigen::VectorXd row = centred.row(i);
        // |x x' - S|² without forming the matrix
        noise += std::pow(row.squaredNorm(), 2) - 2.0 * row.dot(covariance * row) + covariance.squaredNorm();
    }
    noise *= std::max(overlap, 1.0) / (count * count);
    ShrunkGaussian out;
    out.m_shrinkage = spread > 0.0 ? std::clamp(noise / spread, 1e-6, 1.0) : 1.0;
    const Eigen::MatrixXd shrunk = out.m_shrinkage * sphere + (1.0 - out.m_shrinkage) * covariance;
    const Eigen::LLT<Eigen::MatrixXd> cholesky(shrunk);
    if (cholesky.info() != Eigen::Success)
        return std::nullopt;
    const Eigen::MatrixXd factor = cholesky.matrixL();
    out.m_mean.assign(mean.data(), mean.data() + width);
    out.m_logNormaliser = -0.5 * double(width) * std::log(2.0 * std::numbers::pi);
    for (Eigen::Index r = 0; r < width; ++r) {
        for (Eigen::Index c = 0; c <= r; ++c)
            out.m_factor.push_back(factor(r, c));
        out.m_logNormaliser -= std::log(factor(r, r));
    }
    return out;
}

double ShrunkGaussian::logDensity(std::span<const double> sample) const
{
    const std::size_t width = m_mean.size();
    std::vector<double> solved(width);
    double squares = 0.0;
    for (std::size_t r = 0, at = 0; r < width; ++r) {
        double value = sample[r] - m_mean[r];
        for (std::size_t c = 0; c < r; ++c)
            value -= m_factor[at++] * solved[c];
        solved[r] = value / m_factor[at++];
        squares += solved[r] * solved[r];
    }
    return m_logNormaliser - 0.5 * squares;
}

} // namespace fw
