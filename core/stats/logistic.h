// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace fw {

/// ln(p / (1 - p)) = bias + weights . x
struct LogisticModel
{
    std::vector<double> weights;
    double bias = 0.0;

    double logOdds(const std::vector<double> &x) const;
};

/// Fits by Newton's method on the penalised likelihood; both classes count alike however many examples
/// each has, so that log-odds are log likelihood ratios. Features are standardised inside.
/// @param rows  one example each, all of one length. @param positive  as many.
/// @param ridge  penalty on the squared weights of standardised features, per example.
/// A model without weights when a class is missing or sizes do not fit. Deterministic.
LogisticModel fitLogistic(const std::vector<std::vector<double>> &rows, const std::vector<bool> &positive,
                          double ridge = 1e-3);

} // namespace fw
