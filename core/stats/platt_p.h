// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

namespace fw {

/// Fits P(positive | d) = 1 / (1 + exp(slope * d + shift)) to decisions by Newton's method with
/// backtracking; targets are drawn in a little from 0 and 1, so that separable data give finite
/// answers. Decisions that are not finite are left out.
/// Source: Platt 1999; the numerically safe form by Lin, Lin and Weng, Machine Learning 68, 2007.
/// @return slope and shift; slope 0 when one kind is missing.
std::pair<double, double> plattSigmoid(const std::vector<double> &decisions, const std::vector<int> &labels);

} // namespace fw
