// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>
#include <numbers>

namespace fw {

/// A value that was not measured, in every series of numbers. Compare with std::isnan only.
inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// Degrees in a radian.
inline constexpr double kDegrees = 180.0 / std::numbers::pi;

} // namespace fw
