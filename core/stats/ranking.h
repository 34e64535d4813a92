// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

namespace fw {

struct AreaUnderCurve
{
    double area = 0.0;      ///< probability that a positive scores above a negative; ties count half
    double low = 0.0, high = 1.0; ///< 95 % interval
};

/// ROC area with DeLong's variance (Biometrics 1988); nullopt unless both groups have two scores.
std::optional<AreaUnderCurve> rocArea(const std::vector<double> &negatives, const std::vector<double> &positives);

/// The share of negatives at or above the threshold, and of positives.
struct RocPoint
{
    double threshold = 0.0;
    double falseAlarms = 0.0;
    double hits = 0.0;
};
/// One point per distinct score, from the strictest threshold to the laxest.
std::vector<RocPoint> rocCurve(const std::vector<double> &negatives, const std::vector<double> &positives);

} // namespace fw
