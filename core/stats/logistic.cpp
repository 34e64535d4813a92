// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/logistic.h"

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

/// Solves a symmetric positive definite system in place (Cholesky, row by row).
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b)
{
    const std::size_t n = b.size();
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = a[i][j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= a[i][k] * a[j][k];
            a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j][j];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return b;
}

} // namespace

double LogisticModel::logOdds(const std::vector<double> &x) const
{
    double sum = bias;
    for (std::size_t i = 0; i < weights.size() && i < x.size(); ++i)
        sum += weights[i] * x[i];
    return sum;
}

LogisticModel fitLogistic(const std::vector<std::vector<double>> &rows, const std::vector<bool> &positive, double ridge)
{
    LogisticModel model;
    const std::size_t count = rows.size();
    const std::size_t positives = std::size_t(std::count(positive.begin(), positive.end(), true));
    if (count != positive.size() || positives == 0 || positives == count)
        return model;
    const std::size_t n = rows.front().size();
    std::vector<double> mean(n, 0.0), scale(n, 0.0);
    for (const auto &row : rows) {
        if (row.size() != n)
            return model;
        for (std::size_t k = 0; k < n; ++k)
            mean[k] += row[k] / double(count);
    }
    for (const auto &row : rows) {
        for (std::size_t k = 0; k < n; ++k)
            scale[k] += (row[k] - mean[k]) * (row[k] - mean[k]) / double(count);
    }
    for (double &s : scale)
        s = std::max(std::sqrt(s), 1e-9);
    const double weightOf[2] = {0.5 / double(count - positives), 0.5 / double(positives)};
    std::vector<double> w(n + 1, 0.0); // the last is the bias
    for (int round = 0; round < 50; ++round) {
        std::vector<std::vector<double>> hessian(n + 1, std::vector<double>(n + 1, 0.0));
        std::vector<double> gradient(n + 1, 0.0), x(n + 1, 1.0);
        for (std::size_t i = 0; i < count; ++i) {
            double z = w[n];
            for (std::size_t k = 0; k < n; ++k) {
                x[k] = (rows[i][k] - mean[k]) / scale[k];
                z += w[k] * x[k];
            }
            const double p = 1.0 / (1.0 + std::exp(-std::clamp(z, -40.0, 40.0)));
            const double share = weightOf[positive[i] ? 1 : 0];
            const double error = share * (p - (positive[i] ? 1.0 : 0.0)), curve = share * std::max(p * (1.0 - p), 1e-6);
            for (std::size_t k = 0; k <= n; ++k) {
                gradient[k] += error * x[k];
                for (std::size_t j = 0; j <= k; ++j)
                    hessian[k][j] += curve * x[k] * x[j];
            }
        }
        for (std::size_t k = 0; k < n; ++k) {
            gradient[k] += ridge * w[k];
            hessian[k][k] += ridge;
        }
        hessian[n][n] += 1e-9;
        const std::vector<double> step = solve(hessian, gradient);
        double largest = 0.0;
        for (std::size_t k = 0; k <= n; ++k) {
            const double move = std::clamp(step[k], -2.0, 2.0);
            w[k] -= move;
            largest = std::max(largest, std::abs(move));
        }
        if (largest < 1e-8)
            break;
    }
    model.weights.resize(n);
    model.bias = w[n];
    for (std::size_t k = 0; k < n; ++k) {
        model.weights[k] = w[k] / scale[k];
        model.bias -= model.weights[k] * mean[k];
    }
    return model;
}

} // namespace fw
