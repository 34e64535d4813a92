// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace fw {

/// Lin's concordance correlation of two series of one length (Biometrics 1989): 1 when they are the same, 0 without
/// agreement. Pairs with a NaN are left out; 0 when neither varies.
double concordance(const std::vector<double> &a, const std::vector<double> &b);

} // namespace fw
