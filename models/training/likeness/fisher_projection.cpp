// SPDX-License-Identifier: GPL-3.0-or-later
#include "likeness/fisher_projection.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <map>

namespace fw::lab {

using Eigen::MatrixXd, Eigen::VectorXd;

Projection fisherProjection(const LabelledRows &samples, int components, int coordinates, double ridge)
{
    const Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> raw(
        samples.values.data(), Eigen::Index(samples.rows()), Eigen::Index(samples.width));
    const VectorXd mean = raw.cast<double>().colwise().mean();
    MatrixXd x = raw.cast<double>().rowwise() - mean.transpose();

    const MatrixXd covariance = x.transpose() * x / double(x.rows());
    const Eigen::SelfAdjointEigenSolver<MatrixXd> all(covariance); // ascending
    const MatrixXd axes = all.eigenvectors().rightCols(components);
    const MatrixXd z = x * axes;

    std::map<int, std::pair<VectorXd, double>> people;
    for (Eigen::Index i = 0; i < z.rows(); ++i) {
        auto &[sum, count] = people.try_emplace(samples.labels[std::size_t(i)], VectorXd::Zero(components), 0.0).first->second;
        sum += z.row(i).transpose();
        ++count;
    }
    MatrixXd within = MatrixXd::Zero(components, components), between = within;
    MatrixXd rest = z;
    for (Eigen::Index i = 0; i < z.rows(); ++i) {
        const auto &[sum, count] = people.at(samples.labels[std::size_t(i)]);
        rest.row(i) -= (sum / count).transpose();
    }
    within = rest.transpose() * rest / double(z.rows());
    for (const auto &[label, person] : people)
        between += person.first * person.first.transpose() / person.second / double(z.rows());
    within.diagonal().array() += ridge * within.trace() / components;

    const Eigen::GeneralizedSelfAdjointEigenSolver<MatrixXd> fisher(between, within); // ascending
    const MatrixXd weights = (axes * fisher.eigenvectors().rightCols(coordinates)).transpose();
    Projection out;
    out.mean.resize(samples.width);
    std::ranges::transform(mean, out.mean.begin(), [](double v) { return float(v); });
    for (Eigen::Index i = 0; i < weights.rows(); ++i)
        for (Eigen::Index j = 0; j < weights.cols(); ++j)
            out.weights.push_back(float(weights(i, j)));
    return out;
}

} // namespace fw::lab
