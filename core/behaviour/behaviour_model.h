// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/behaviour_windows.h"
#include "stats/kernel_svm.h"
#include "stats/principal_axes.h"

#include <optional>

namespace fw {

struct BehaviourModelOptions
{
    double nu = 0.01;
    double gamma = 0.0; ///< 0: 1 / (pairs that vary * variance); the paper takes 0.01
};

/// How one person's windows are spread, and how other people's are: correlations as Fisher z,
/// standardised by this person's windows.
class BehaviourModel
{
public:
    static constexpr std::size_t kAxes = 20;
    static constexpr double kLeastSpread = 0.05; ///< floor of a standard deviation, in z

    /// @param own     Fisher z of this person's windows, kBehaviourPairs wide.
    /// @param cohort  of other people; may be empty: no ratio then.
    /// @param svm     trained before on the same windows; else it is trained here.
    /// Errc::BadData for less than two windows.
    static Result<BehaviourModel> fit(const SampleMatrix &own, const SampleMatrix &cohort,
                                      const BehaviourModelOptions &options, std::optional<KernelSvm> svm = {});

    /// How central a window is: the one-class machine's sum over the sum of its weights, 0..1.
    double centrality(std::span<const double> z) const;
    /// Is the window on the inner side of the machine's boundary?
    bool accepts(std::span<const double> z) const;
    /// log10 of how much more likely the window is with this person than with the cohort.
    std::optional<double> log10Ratio(std::span<const double> z) const;
    /// In standard deviations of this person's windows.
    std::vector<double> standardised(std::span<const double> z) const;
    /// Along the principal axes of both, for maps.
    std::vector<double> along(std::span<const double> z) const;

    const std::vector<double> &mean() const { return m_mean; }
    const std::vector<double> &spread() const { return m_spread; } ///< with the floor
    const KernelSvm &svm() const { return *m_svm; }

private:
    std::vector<double> m_mean, m_spread;
    std::optional<KernelSvm> m_svm;
    double m_weightSum = 1.0;
    std::optional<PrincipalAxes> m_axes;
    std::optional<ShrunkGaussian> m_own, m_cohort;
};

} // namespace fw
