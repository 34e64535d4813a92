// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/platt_p.h"

#include <cmath>

namespace fw {

namespace {

struct Aim
{
    double decision = 0.0, target = 0.0;
};

/// Negative log-likelihood of one aim, and P(positive), without overflow.
double loss(double z, double target)
{
    return z >= 0.0 ? target * z + std::log1p(std::exp(-z)) : (target - 1.0) * z + std::log1p(std::exp(z));
}

double chance(double z)
{
    return z >= 0.0 ? std::exp(-z) / (1.0 + std::exp(-z)) : 1.0 / (1.0 + std::exp(z));
}

double totalLoss(const std::vector<Aim> &aims, double slope, double shift)
{
    double sum = 0.0;
    for (const Aim &aim : aims)
        sum += loss(slope * aim.decision + shift, aim.target);
    return sum;
}

} // namespace

std::pair<double, double> plattSigmoid(const std::vector<double> &decisions, const std::vector<int> &labels)
{
    constexpr int kMostSteps = 100;
    constexpr double kRidge = 1e-12, kEnough = 1e-6, kSmallestStep = 1e-10;
    double positives = 0.0, negatives = 0.0;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        if (std::isfinite(decisions[i]))
            (labels[i] > 0 ? positives : negatives) += 1.0;
    }
    if (positives < 1.0 || negatives < 1.0)
        return {0.0, std::log((negatives + 1.0) / (positives + 1.0))};
    std::vector<Aim> aims;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        if (std::isfinite(decisions[i]))
            aims.push_back({decisions[i], labels[i] > 0 ? (positives + 1.0) / (positives + 2.0) : 1.0 / (negatives + 2.0)});
    }
    double slope = 0.0, shift = std::log((negatives + 1.0) / (positives + 1.0));
    double value = totalLoss(aims, slope, shift);
    for (int step = 0; step < kMostSteps; ++step) {
        double h11 = kRidge, h22 = kRidge, h12 = 0.0, g1 = 0.0, g2 = 0.0;
        for (const Aim &aim : aims) {
            const double p = chance(slope * aim.decision + shift);
            const double curve = p * (1.0 - p), off = aim.target - p;
            h11 += aim.decision * aim.decision * curve;
            h22 += curve;
            h12 += aim.decision * curve;
            g1 += aim.decision * off;
            g2 += off;
        }
        if (std::abs(g1) < kEnough && std::abs(g2) < kEnough)
            break;
        const double determinant = h11 * h22 - h12 * h12;
        const double toSlope = -(h22 * g1 - h12 * g2) / determinant;
        const double toShift = -(h11 * g2 - h12 * g1) / determinant;
        const double descent = g1 * toSlope + g2 * toShift;
        double length = 1.0;
        for (; length >= kSmallestStep; length /= 2.0) {
            const double tried = totalLoss(aims, slope + length * toSlope, shift + length * toShift);
            if (tried < value + 1e-4 * length * descent) {
                slope += length * toSlope;
                shift += length * toShift;
                value = tried;
                break;
            }
        }
        if (length < kSmallestStep)
            break;
    }
    return {slope, shift};
}

} // namespace fw
