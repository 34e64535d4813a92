// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/ranking.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

/// For each of `scores`: the share of `others` below it, ties counted half.
std::vector<double> placements(const std::vector<double> &scores, std::vector<double> others)
{
    std::sort(others.begin(), others.end());
    std::vector<double> shares;
    shares.reserve(scores.size());
    for (const double s : scores) {
        const auto [first, last] = std::equal_range(others.begin(), others.end(), s);
        shares.push_back((double(first - others.begin()) + 0.5 * double(last - first)) / double(others.size()));
    }
    return shares;
}

double mean(const std::vector<double> &values)
{
    double sum = 0.0;
    for (const double v : values)
        sum += v;
    return sum / double(values.size());
}

double variance(const std::vector<double> &values)
{
    const double m = mean(values);
    double sum = 0.0;
    for (const double v : values)
        sum += (v - m) * (v - m);
    return sum / double(values.size() - 1);
}

double shareAtLeast(const std::vector<double> &sorted, double threshold)
{
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), threshold);
    return sorted.empty() ? 0.0 : double(sorted.end() - first) / double(sorted.size());
}

} // namespace

std::optional<AreaUnderCurve> rocArea(const std::vector<double> &negatives, const std::vector<double> &positives)
{
    if (negatives.size() < 2 || positives.size() < 2)
        return std::nullopt;
    const std::vector<double> above = placements(positives, negatives);
    const std::vector<double> below = placements(negatives, positives);
    const double area = mean(above);
    const double sigma = std::sqrt(variance(above) / double(positives.size())
                                   + variance(below) / double(negatives.size()));
    return AreaUnderCurve{area, std::max(0.0, area - 1.959964 * sigma), std::min(1.0, area + 1.959964 * sigma)};
}

std::vector<RocPoint> rocCurve(const std::vector<double> &negatives, const std::vector<double> &positives)
{
    std::vector<double> low = negatives, high = positives, thresholds = negatives;
    thresholds.insert(thresholds.end(), positives.begin(), positives.end());
    std::sort(low.begin(), low.end());
    std::sort(high.begin(), high.end());
    std::sort(thresholds.begin(), thresholds.end(), std::greater<>());
    thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
    std::vector<RocPoint> points;
    points.reserve(thresholds.size());
    for (const double t : thresholds)
        points.push_back({t, shareAtLeast(low, t), shareAtLeast(high, t)});
    return points;
}

} // namespace fw
