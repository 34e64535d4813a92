// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stats/sample_matrix.h"

#include <cstdint>
#include <stop_token>

namespace fw {

struct FisherSettings
{
    int features = 200;  ///< that each discriminant sees, drawn by chance
    int most = 101;      ///< discriminants at most
    double steady = 0.005; ///< enough when the error outside the bags moved less over the last 50
    std::uint64_t seed = 1;
};

/// Fisher discriminants on random features and bootstrap samples, which vote.
/// Source: Kodovsky, Fridrich, Holub, TIFS 2012.
class FisherEnsemble
{
public:
    /// Empty (score 0.5) when a class has fewer than two samples or when stopped.
    static FisherEnsemble train(const SampleMatrix &negatives, const SampleMatrix &positives,
                                const FisherSettings &settings = {}, std::stop_token stop = {});
    /// Share of votes for the positive class; 0.5 is a tie, undecided.
    double score(std::span<const double> sample) const;
    int size() const { return int(m_learners.size()); }
    /// Mean of the two error rates of samples judged by those that had not seen them.
    double outOfBagError() const { return m_outOfBag; }

private:
    struct Learner
    {
        std::vector<std::size_t> features;
        std::vector<double> weights;
        double threshold = 0.0;
        double project(std::span<const double> sample) const;
    };
    static Learner fit(const SampleMatrix &negatives, const SampleMatrix &positives,
                       const std::vector<std::size_t> &bagNegative, const std::vector<std::size_t> &bagPositive,
                       std::vector<std::size_t> features);
    std::vector<Learner> m_learners;
    double m_outOfBag = 0.5;
};

} // namespace fw
