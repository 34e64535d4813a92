// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stats/sample_matrix.h"

#include <optional>
#include <span>
#include <vector>

namespace fw {

/// The directions in which samples vary most (principal component analysis).
struct PrincipalAxes
{
    std::vector<double> mean;
    SampleMatrix axes;             ///< unit length, one a row, the strongest first
    std::vector<double> variances; ///< along each axis

    /// @param sample  as wide as `mean`.  @return one coordinate an axis.
    std::vector<double> project(std::span<const double> sample) const;
    SampleMatrix project(const SampleMatrix &samples) const;
};

/// At most `count` axes; fewer when the samples span fewer. The largest entry of each axis is
/// positive, so that signs repeat. nullopt for less than two samples.
std::optional<PrincipalAxes> principalAxes(const SampleMatrix &samples, std::size_t count);

/// A normal distribution whose covariance was drawn towards a sphere as far as the number of
/// samples asks for (Ledoit and Wolf, J. Multivariate Analysis 88, 2004).
class ShrunkGaussian
{
public:
    /// @param overlap  how many neighbouring samples share what they were made from; > 1 shrinks more.
    /// nullopt for less than two samples, or when all are the same.
    static std::optional<ShrunkGaussian> fit(const SampleMatrix &samples, double overlap = 1.0);

    double logDensity(std::span<const double> sample) const; ///< natural logarithm
    double shrinkage() const { return m_shrinkage; }         ///< 0..1
    const std::vector<double> &mean() const { return m_mean; }

private:
    std::vector<double> m_mean;
    std::vector<double> m_factor; ///< lower triangle of the covariance's Cholesky factor, row by row
    double m_logNormaliser = 0.0;
    double m_shrinkage = 0.0;
};

} // namespace fw
