// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace fw {

/// Minimises x' H x / 2 - g' x over 0 <= x <= 1 by projected coordinate descent (Lawson and Hanson's
/// problem with an upper bound). H is symmetric and positive definite, so the minimum is unique.
/// @param x  where to start; receives the minimum.
inline void solveBox(const Eigen::MatrixXd &h, const Eigen::VectorXd &g, Eigen::VectorXd &x)
{
    constexpr int kMostSweeps = 200;
    constexpr double kStill = 1e-5;
    Eigen::VectorXd slope = h * x - g;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        double moved = 0.0;
        for (Eigen::Index i = 0; i < x.size(); ++i) {
            if ((x[i] <= 0.0 && slope[i] >= 0.0) || (x[i] >= 1.0 && slope[i] <= 0.0))
                continue;
            const double next = std::clamp(x[i] - slope[i] / h(i, i), 0.0, 1.0);
            const double step = next - x[i];
            if (step == 0.0)
                continue;
            slope += step * h.col(i);
            x[i] = next;
            moved = std::max(moved, std::abs(step));
        }
        if (moved < kStill)
            break;
    }
}

} // namespace fw
