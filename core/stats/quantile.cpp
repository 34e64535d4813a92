// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

namespace fw {

std::optional<double> quantile(std::vector<double> values, double q)
{
    std::erase_if(values, [](double v) { return std::isnan(v); });
    if (values.empty())
        return std::nullopt;
    const double place = std::clamp(q, 0.0, 1.0) * double(values.size() - 1);
    const auto below = values.begin() + std::ptrdiff_t(place);
    std::nth_element(values.begin(), below, values.end());
    const double low = *below;
    const double part = place - std::floor(place);
    if (part == 0.0)
        return low;
    return low + part * (*std::min_element(below + 1, values.end()) - low);
}

std::optional<double> robustSigma(const std::vector<double> &values)
{
    const auto centre = median(values);
    if (!centre)
        return std::nullopt;
    std::vector<double> deviations;
    deviations.reserve(values.size());
    for (const double v : values)
        deviations.push_back(std::abs(v - *centre));
    return 1.4826 * *median(std::move(deviations));
}

} // namespace fw
