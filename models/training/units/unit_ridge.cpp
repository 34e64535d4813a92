// SPDX-License-Identifier: GPL-3.0-or-later
#include "units/unit_ridge.h"

#include "stats/concordance.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

namespace fw::lab {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kFolds = 5;
constexpr double kClearly = 0.03; ///< by which a reading has to be better than the shapes
constexpr std::array<double, 2> kRidges{0.0015, 0.005}; ///< of the mean diagonal, times ten
constexpr Eigen::Index kWidth = Eigen::Index(kUnitEvidence);

VectorXd vectorOf(const std::vector<float> &v)
{
    return Eigen::Map<const Eigen::VectorXf>(v.data(), Eigen::Index(v.size())).cast<double>();
}

/// The usual face of each scene: at rest where it is seen so, else the mean.
std::map<std::tuple<int, int, bool>, VectorXd> usualFaces(const std::vector<UnitSample> &samples)
{
    std::map<std::tuple<int, int, bool>, std::array<std::pair<VectorXd, int>, 2>> sums;
    for (const UnitSample &s : samples) {
        auto &both = sums[{s.person, s.scene, s.mirrored}];
        for (const bool rest : {false, true}) {
            if (rest && !s.atRest)
                continue;
            auto &[sum, count] = both[rest];
            if (count++ == 0)
                sum.setZero(kWidth);
            sum += vectorOf(s.evidence);
        }
    }
    std::map<std::tuple<int, int, bool>, VectorXd> out;
    for (auto &[key, both] : sums) {
        const auto &[sum, count] = both[1].second > 0 ? both[1] : both[0];
        out[key] = sum / count;
    }
    return out;
}

struct Problem
{
    MatrixXd differences; ///< samples x evidence
    MatrixXd truth;       ///< samples x 17, NaN as 0
    std::vector<int> fold;
};

struct Solution
{
    MatrixXd weights; ///< evidence x 17
    VectorXd bias;
};

Solution solve(const Problem &p, int without, double ridge, const VectorXd &scale)
{
    std::vector<Eigen::Index> rows;
    for (std::size_t i = 0; i < p.fold.size(); ++i)
        if (p.fold[i] != without)
            rows.push_back(Eigen::Index(i));
    MatrixXd x(Eigen::Index(rows.size()), kWidth), y(Eigen::Index(rows.size()), 17);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        x.row(Eigen::Index(r)) = p.differences.row(rows[r]).cwiseQuotient(scale.transpose());
        y.row(Eigen::Index(r)) = p.truth.row(rows[r]);
    }
    const Eigen::RowVectorXd mx = x.colwise().mean(), my = y.colwise().mean();
    x.rowwise() -= mx;
    y.rowwise() -= my;
    MatrixXd gram = MatrixXd::Zero(kWidth, kWidth);
    gram.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
    gram.diagonal().array() += ridge * gram.diagonal().mean() * 10.0;
    Solution s;
    s.weights = gram.selfadjointView<Eigen::Lower>().llt().solve(x.transpose() * y);
    s.bias = (my - mx * s.weights).transpose();
    for (Eigen::Index i = 0; i < kWidth; ++i)
        s.weights.row(i) /= scale[i];
    return s;
}

std::vector<double> column(const MatrixXd &m, Eigen::Index c)
{
    return {m.col(c).data(), m.col(c).data() + m.rows()};
}

/// Readings within 0..5, drawn out by a gain.
std::vector<double> drawnOut(const MatrixXd &m, Eigen::Index c, double gain)
{
    std::vector<double> out = column(m, c);
    for (double &v : out)
        v = std::clamp(gain * v, 0.0, 5.0);
    return out;
}

/// A ridge pulls readings towards the mean, so that strong expressions look weak. The gain that makes
/// readings and truth agree best.
double bestGain(const std::vector<double> &truth, const MatrixXd &found, Eigen::Index c)
{
    double gain = 1.0, most = -1.0;
    for (double g = 1.0; g < 2.55; g += 0.1) {
        const double c2 = concordance(truth, drawnOut(found, c, g));
        if (c2 > most) {
            most = c2;
            gain = g;
        }
    }
    return gain;
}

} // namespace

UnitReader learnUnits(const std::vector<UnitSample> &samples, std::string *table)
{
    const auto usual = usualFaces(samples);
    Problem p;
    p.differences.resize(Eigen::Index(samples.size()), kWidth);
    p.truth.setZero(Eigen::Index(samples.size()), 17);
    std::map<int, int> foldOf;
    VectorXd people = VectorXd::Zero(kWidth);
    for (const auto &[key, face] : usual)
        people += face / double(usual.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const UnitSample &s = samples[i];
        const int fold = foldOf.emplace(s.person, int(foldOf.size()) % kFolds).first->second;
        p.fold.push_back(fold);
        p.differences.row(Eigen::Index(i)) = (vectorOf(s.evidence) - usual.at({s.person, s.scene, s.mirrored})).transpose();
        for (std::size_t u = 0; u < 17; ++u)
            p.truth(Eigen::Index(i), Eigen::Index(u)) = std::isfinite(s.truth[u]) ? s.truth[u] : 0.0;
    }
    const VectorXd scale = (p.differences.cwiseAbs2().colwise().mean().transpose().array() + 1e-6).sqrt();

    MatrixXd best(p.truth.rows(), 17);
    double bestMean = -1, ridge = kRidges[0];
    for (const double candidate : kRidges) {
        MatrixXd found(p.truth.rows(), 17);
        for (int f = 0; f < kFolds; ++f) {
            const Solution s = solve(p, f, candidate, scale);
            for (std::size_t i = 0; i < p.fold.size(); ++i)
                if (p.fold[i] == f)
                    found.row(Eigen::Index(i)) = p.differences.row(Eigen::Index(i)) * s.weights + s.bias.transpose();
        }
        double mean = 0;
        for (Eigen::Index u = 0; u < 17; ++u)
            mean += concordance(column(p.truth, u), drawnOut(found, u, 1.0)) / 17;
        char text[80];
        std::snprintf(text, sizeof text, "ridge %.3f: mean concordance %.3f\n", candidate, mean);
        *table += text;
        if (mean > bestMean) {
            bestMean = mean;
            best = found;
            ridge = candidate;
        }
    }

    const Solution all = solve(p, -1, ridge, scale);
    std::vector<float> weights(17 * kUnitEvidence), bias(17), sigma(17, 0.0f);
    for (std::size_t u = 0; u < 17; ++u) {
        std::vector<double> truth, shapes;
        double squares = 0;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            truth.push_back(samples[i].truth[u]);
            shapes.push_back(double(samples[i].geometry[u]));
        }
        const double gain = bestGain(truth, best, Eigen::Index(u));
        const std::vector<double> read = drawnOut(best, Eigen::Index(u), gain);
        for (std::size_t i = 0; i < samples.size(); ++i)
            squares += (read[i] - p.truth(Eigen::Index(i), Eigen::Index(u))) * (read[i] - p.truth(Eigen::Index(i), Eigen::Index(u)));
        const double ours = concordance(truth, read), theirs = concordance(truth, shapes);
        const bool known = std::isfinite(truth.front());
        if (known && ours > theirs + kClearly)
            sigma[u] = float(std::sqrt(squares / double(samples.size())));
        for (std::size_t i = 0; i < kUnitEvidence; ++i)
            weights[u * kUnitEvidence + i] = known ? float(gain * all.weights(Eigen::Index(i), Eigen::Index(u))) : 0.0f;
        bias[u] = known ? float(gain * all.bias[Eigen::Index(u)]) : 0.0f;
        char text[120];
        std::snprintf(text, sizeof text, "AU%02d  read %.3f  shapes %.3f  gain %.1f  deviation %.2f%s\n", kIntensityUnits[u], ours, theirs, gain,
                      std::sqrt(squares / double(samples.size())), sigma[u] > 0 ? "" : "  (not read)");
        *table += text;
    }
    std::vector<float> mean(kUnitEvidence);
    for (std::size_t i = 0; i < kUnitEvidence; ++i)
        mean[i] = float(people[Eigen::Index(i)]);
    return UnitReader(std::move(mean), std::move(weights), std::move(bias), std::move(sigma));
}

std::vector<std::array<double, 17>> readUnits(const UnitReader &reader, const std::vector<UnitSample> &samples)
{
    const auto usual = usualFaces(samples);
    std::vector<std::array<double, 17>> out;
    for (const UnitSample &s : samples) {
        const VectorXd &face = usual.at({s.person, s.scene, s.mirrored});
        std::vector<float> rest(kUnitEvidence);
        for (std::size_t i = 0; i < kUnitEvidence; ++i)
            rest[i] = float(face[Eigen::Index(i)]);
        const auto now = reader.part(s.evidence), before = reader.part(rest);
        std::array<double, 17> units;
        for (std::size_t u = 0; u < 17; ++u)
            units[u] = reader.reads(u) ? std::clamp(double(now[u] - before[u] + reader.bias(u)), 0.0, 5.0)
                                       : double(s.geometry[u]);
        out.push_back(units);
    }
    return out;
}

} // namespace fw::lab
