// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stats/sample_matrix.h"

#include <optional>

namespace fw {

struct OutlierMixtureSettings
{
    double outlierDensity = 42.0; ///< minus the natural logarithm of the density that outliers have everywhere
    double outlierShare = 0.01;   ///< at the start
    int mostRounds = 60;
    double ridge = 1e-3;          ///< added to the variances, in units of their mean
};

/// Most samples come from one normal distribution, the rest from anywhere: a constant density. Fitted by expectation
/// and maximisation from the median and spread of each coordinate, so it gives the same every time.
class OutlierMixture
{
public:
    /// nullopt for fewer samples than twice their width, or when they have no spread.
    static std::optional<OutlierMixture> fit(const SampleMatrix &samples, const OutlierMixtureSettings &settings = {});

    /// Squared Mahalanobis distance to the normal part.
    double squaredDistance(std::span<const double> sample) const;
    /// Share of samples that the constant density explains better.
    double outliers() const { return m_outliers; }

private:
    std::vector<double> m_mean;
    std::vector<double> m_factor; ///< lower triangle of the covariance's Cholesky factor, row by row
    double m_outliers = 0.0;
};

} // namespace fw
