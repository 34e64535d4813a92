// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stats/sample_matrix.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

struct AnomalySettings
{
    int window = 128, stride = 16; ///< px, multiples of 8
    std::size_t axes = 25;         ///< principal axes that are kept
    double usable = 0.85;          ///< least share of a window that is neither dark nor clipped
    double cut = 52.0;             ///< squared distance from which a window is no longer of the common kind
    std::size_t mostFitted = 4000; ///< windows that the model is fitted to; an even choice of more
    int rounds = 20;
};

/// How unlike the rest of a picture's micro-texture each place is. Nothing is trained: most of the
/// picture is taken as what is usual for it.
struct AnomalyMap
{
    cv::Mat distance;   ///< CV_32FC1, one cell a window: squared Mahalanobis distance; NaN where unusable
    cv::Rect2f covered; ///< px of the picture that the cells' middles stand for
    double usable = 0.0;  ///< share of windows
    double outside = 0.0; ///< share of usable windows beyond the cut
};

/// Third-order residuals, tuples of four, T = 1 and two steps, folded (50 values), 25 axes, one normal
/// distribution beside a uniform one fitted by expectation maximisation.
/// @param luma  CV_32FC1, grey levels. Errc::NotApplicable when there are fewer than 60 windows;
/// Errc::Cancelled. Deterministic. Source: Cozzolino, Poggi, Verdoliva, WIFS 2015 (Splicebuster).
Result<AnomalyMap> localAnomaly(const cv::Mat &luma, const AnomalySettings &settings = {}, std::stop_token stop = {});

/// Least share of windows that must be usable for anything to be said.
constexpr double kLeastUsable = 0.30;

} // namespace fw
