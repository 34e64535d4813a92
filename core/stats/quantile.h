// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

namespace fw {

/// The q-quantile (0..1) with linear interpolation between order statistics (type 7 of Hyndman and
/// Fan 1996). Not-a-number values are left out; nullopt when nothing remains.
std::optional<double> quantile(std::vector<double> values, double q);
inline std::optional<double> median(std::vector<double> values)
{
    return quantile(std::move(values), 0.5);
}

/// Median absolute deviation times 1.4826: the standard deviation of normal data, robustly.
std::optional<double> robustSigma(const std::vector<double> &values);

} // namespace fw
