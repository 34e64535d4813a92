// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/neighbour_map.h"

#include "stats/principal_axes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace fw {

namespace {

double squaredDistance(std::span<const double> a, std::span<const double> b)
{
    double sum = 0.0;
    for (std::size_t k = 0; k < a.size(); ++k)
        sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

/// One row of conditional probabilities whose entropy is that of the perplexity.
void fillRow(const std::vector<double> &squares, std::size_t self, double perplexity, double *row)
{
    const std::size_t n = squares.size();
    const double wanted = std::log(perplexity);
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < n; ++j) {
        if (j != self)
            least = std::min(least, squares[j]);
    }
    double beta = 1.0, low = 0.0, high = std::numeric_limits<double>::infinity();
    for (int turn = 0; turn < 100; ++turn) {
        double sum = 0.0, weighted = 0.0;
        for (std::size_t j = 0; j < n; ++j) {
            row[j] = j == self ? 0.0 : std::exp(-beta * (squares[j] - least));
            sum += row[j];
            weighted += row[j] * (squares[j] - least);
        }
        const double entropy = std::log(sum) + beta * weighted / sum;
        for (std::size_t j = 0; j < n; ++j)
            row[j] /= sum;
        if (std::abs(entropy - wanted) < 1e-5)
            break;
        (entropy > wanted ? low : high) = beta;
        beta = std::isinf(high) ? beta * 2.0 : 0.5 * (low + high);
    }
}

/// Symmetric probabilities over all pairs, n x n.
std::vector<double> likeness(const SampleMatrix &samples, double perplexity)
{
    const std::size_t n = samples.rows();
    std::vector<double> p(n * n), squares(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            squares[j] = squaredDistance(samples.row(i), samples.row(j));
        fillRow(squares, i, perplexity, &p[i * n]);
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j)
            p[i * n + j] = p[j * n + i] = std::max((p[i * n + j] + p[j * n + i]) / (2.0 * double(n)), 1e-12);
    }
    return p;
}

} // namespace

std::optional<std::vector<std::array<double, 2>>> neighbourMap(const SampleMatrix &samples,
                                                               const NeighbourMapOptions &options,
                                                               std::stop_token stop)
{
    constexpr int kEarlySteps = 250;
    constexpr double kExaggeration = 12.0, kStart = 1e-4;
    const std::size_t n = samples.rows();
    if (n < 4 || n > kMostNeighbourMapSamples)
        return std::nullopt;
    std::vector<std::array<double, 2>> y(n), velocity(n), gain(n, {1.0, 1.0}), slope(n);
    if (const auto axes = principalAxes(samples, 2)) {
        const double unit = kStart / std::sqrt(axes->variances[0]);
        for (std::size_t i = 0; i < n; ++i) {
            const auto at = axes->project(samples.row(i));
            y[i] = {unit * at[0], at.size() > 1 ? unit * at[1] : 0.0};
        }
    }
    const std::vector<double> p = likeness(samples, std::max(2.0, std::min(options.perplexity, double(n - 1) / 3.0)));
    const double rate = std::max(double(n) / kExaggeration, 50.0);
    std::vector<double> near(n * n);
    for (int step = 0; step < options.steps; ++step) {
        if (stop.stop_requested())
            return std::nullopt;
        if (options.progress && step % std::max(1, options.steps / 10) == 0)
            options.progress(double(step) / options.steps);
        const double exaggeration = step < kEarlySteps ? kExaggeration : 1.0;
        const double momentum = step < kEarlySteps ? 0.5 : 0.8;
        double total = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = i + 1; j < n; ++j) {
                const double dx = y[i][0] - y[j][0], dy = y[i][1] - y[j][1];
                near[i * n + j] = 1.0 / (1.0 + dx * dx + dy * dy);
                total += 2.0 * near[i * n + j];
            }
        }
        std::fill(slope.begin(), slope.end(), std::array<double, 2>{0.0, 0.0});
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = i + 1; j < n; ++j) {
                const double q = near[i * n + j];
                const double pull = 4.0 * (exaggeration * p[i * n + j] - q / total) * q;
                for (std::size_t d = 0; d < 2; ++d) {
                    const double force = pull * (y[i][d] - y[j][d]);
                    slope[i][d] += force;
                    slope[j][d] -= force;
                }
            }
        }
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t d = 0; d < 2; ++d) {
                const bool turned = (slope[i][d] > 0.0) != (velocity[i][d] > 0.0);
                gain[i][d] = std::max(turned ? gain[i][d] + 0.2 : gain[i][d] * 0.8, 0.01);
                velocity[i][d] = momentum * velocity[i][d] - rate * gain[i][d] * slope[i][d];
                y[i][d] += velocity[i][d];
            }
        }
    }
    return y;
}

std::optional<double> silhouette(const SampleMatrix &samples, const std::vector<int> &groups)
{
    std::map<int, int> sizes;
    for (const int group : groups)
        ++sizes[group];
    if (sizes.size() < 2 || groups.size() != samples.rows())
        return std::nullopt;
    double sum = 0.0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::map<int, double> to;
        for (std::size_t j = 0; j < groups.size(); ++j)
            to[groups[j]] += std::sqrt(squaredDistance(samples.row(i), samples.row(j)));
        if (sizes[groups[i]] < 2)
            continue;
        const double own = to[groups[i]] / (sizes[groups[i]] - 1);
        double other = std::numeric_limits<double>::infinity();
        for (const auto &[group, distance] : to) {
            if (group != groups[i])
                other = std::min(other, distance / sizes[group]);
        }
        if (std::max(own, other) > 0.0)
            sum += (other - own) / std::max(own, other);
    }
    return sum / double(groups.size());
}

std::vector<std::size_t> farthestPoints(const SampleMatrix &samples, const std::vector<std::size_t> &candidates,
                                        std::size_t count)
{
    if (count >= candidates.size())
        return candidates;
    std::vector<std::size_t> chosen;
    std::vector<double> distance(candidates.size(), std::numeric_limits<double>::infinity());
    std::size_t next = 0;
    while (chosen.size() < count) {
        chosen.push_back(candidates[next]);
        std::size_t farthest = 0;
        for (std::size_t c = 0; c < candidates.size(); ++c) {
            distance[c] = std::min(distance[c], squaredDistance(samples.row(candidates[c]), samples.row(chosen.back())));
            if (distance[c] > distance[farthest])
                farthest = c;
        }
        next = farthest;
    }
    return chosen;
}

} // namespace fw
