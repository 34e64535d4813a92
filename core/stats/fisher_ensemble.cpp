// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/fisher_ensemble.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace fw {
namespace {

constexpr double kRidge = 1e-10; ///< of the mean variance; raised until the system can be solved

std::vector<std::size_t> drawn(std::size_t from, std::mt19937_64 &random)
{
    std::vector<std::size_t> bag(from);
    for (std::size_t &one : bag)
        one = std::size_t(random() % from);
    return bag;
}

Eigen::MatrixXd rowsOf(const SampleMatrix &samples, const std::vector<std::size_t> &bag, const std::vector<std::size_t> &features)
{
    Eigen::MatrixXd rows(Eigen::Index(bag.size()), Eigen::Index(features.size()));
    for (std::size_t i = 0; i < bag.size(); ++i) {
        for (std::size_t k = 0; k < features.size(); ++k)
            rows(Eigen::Index(i), Eigen::Index(k)) = samples.row(bag[i])[features[k]];
    }
    return rows;
}

/// Where the mean of the two error rates is least.
double bestThreshold(const Eigen::VectorXd &negative, const Eigen::VectorXd &positive)
{
    std::vector<std::pair<double, int>> all;
    for (const double value : negative)
        all.emplace_back(value, 0);
    for (const double value : positive)
        all.emplace_back(value, 1);
    std::sort(all.begin(), all.end());
    double missed = 0.0, passed = 1.0, least = 1.0, best = all.front().first - 1.0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        (all[i].second ? missed : passed) += all[i].second ? 1.0 / double(positive.size()) : -1.0 / double(negative.size());
        const bool last = i + 1 == all.size();
        if (missed + passed < least && (last || all[i + 1].first > all[i].first)) {
            least = missed + passed;
            best = last ? all[i].first + 1.0 : 0.5 * (all[i].first + all[i + 1].first);
        }
    }
    return best;
}

} // namespace

double FisherEnsemble::Learner::project(std::span<const double> sample) const
{
    double sum = 0.0;
    for (std::size_t k = 0; k < features.size(); ++k)
        sum += weights[k] * sample[features[k]];
    return sum;
}

FisherEnsemble::Learner FisherEnsemble::fit(const SampleMatrix &negatives, const SampleMatrix &positives,
                                            const std::vector<std::size_t> &bagNegative, const std::vector<std::size_t> &bagPositive,
                                            std::vector<std::size_t> features)
{
    Eigen::MatrixXd a = rowsOf(negatives, bagNegative, features), b = rowsOf(positives, bagPositive, features);
    const Eigen::VectorXd meanA = a.colwise().mean(), meanB = b.colwise().mean();
    const Eigen::MatrixXd centredA = a.rowwise() - meanA.transpose(), centredB = b.rowwise() - meanB.transpose();
    Eigen::MatrixXd within = centredA.transpose() * centredA / double(a.rows()) + centredB.transpose() * centredB / double(b.rows());
    const double unit = std::max(within.diagonal().mean(), 1e-30);
    Eigen::VectorXd w = meanB - meanA;
    // With fewer samples than features the matrix is singular, and rounding decides; the ridge grows until it is not.
    for (double ridge = kRidge; ridge <= 1.0; ridge *= 10.0) {
        Eigen::MatrixXd regular = within;
        regular.diagonal().array() += ridge * unit;
        const Eigen::LLT<Eigen::MatrixXd> solver(regular);
        if (solver.info() == Eigen::Success && solver.rcond() > 1e-12) {
            w = solver.solve(meanB - meanA);
            break;
        }
    }
    Learner learner;
    learner.features = std::move(features);
    learner.weights.assign(w.data(), w.data() + w.size());
    learner.threshold = bestThreshold(a * w, b * w);
    return learner;
}

FisherEnsemble FisherEnsemble::train(const SampleMatrix &negatives, const SampleMatrix &positives,
                                     const FisherSettings &settings, std::stop_token stop)
{
    FisherEnsemble ensemble;
    if (negatives.rows() < 2 || positives.rows() < 2 || negatives.width != positives.width)
        return ensemble;
    std::mt19937_64 random(settings.seed);
    const SampleMatrix *classes[2] = {&negatives, &positives};
    std::vector<int> votes[2], asked[2];
    for (int c = 0; c < 2; ++c) {
        votes[c].assign(classes[c]->rows(), 0);
        asked[c].assign(classes[c]->rows(), 0);
    }
    std::vector<double> errors;
    const std::size_t length = negatives.width;
    for (int l = 0; l < settings.most; ++l) {
        if (stop.stop_requested())
            return {};
        std::vector<std::size_t> all(length);
        std::iota(all.begin(), all.end(), std::size_t(0));
        const std::size_t taken = std::min(length, std::size_t(settings.features));
        for (std::size_t i = 0; i < taken; ++i)
            std::swap(all[i], all[i + std::size_t(random() % (length - i))]);
        all.resize(taken);
        const std::vector<std::size_t> bags[2] = {drawn(negatives.rows(), random), drawn(positives.rows(), random)};
        ensemble.m_learners.push_back(fit(negatives, positives, bags[0], bags[1], std::move(all)));
        const Learner &learner = ensemble.m_learners.back();
        double wrong[2] = {}, of[2] = {};
        for (int c = 0; c < 2; ++c) {
            std::vector<bool> seen(classes[c]->rows(), false);
            for (const std::size_t i : bags[c])
                seen[i] = true;
            for (std::size_t i = 0; i < seen.size(); ++i) {
                if (!seen[i]) {
                    ++asked[c][i];
                    votes[c][i] += learner.project(classes[c]->row(i)) > learner.threshold ? 1 : -1;
                }
                if (asked[c][i] > 0) {
                    of[c] += 1.0;
                    wrong[c] += votes[c][i] == 0 ? 0.5 : (votes[c][i] > 0) != (c == 1) ? 1.0 : 0.0;
                }
            }
        }
        errors.push_back(0.5 * (wrong[0] / std::max(of[0], 1.0) + wrong[1] / std::max(of[1], 1.0)));
        ensemble.m_outOfBag = errors.back();
        if (errors.size() > 50) {
            const auto range = std::minmax_element(errors.end() - 50, errors.end());
            if (*range.second - *range.first < settings.steady)
                break;
        }
    }
    return ensemble;
}

double FisherEnsemble::score(std::span<const double> sample) const
{
    if (m_learners.empty())
        return 0.5;
    double votes = 0.0;
    for (const Learner &learner : m_learners)
        votes += learner.project(sample) > learner.threshold ? 1.0 : 0.0;
    return votes / double(m_learners.size());
}

} // namespace fw
