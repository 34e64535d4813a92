// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

/// Otsu's threshold of a CV_32FC1 map in 0..1, over 256 bins, and how much of the variance it explains.
struct OtsuSplit
{
    double threshold = 0.5;
    double explained = 0.0; ///< between-class variance over all, 0..1
};
OtsuSplit otsuSplit(const cv::Mat &map);

/// Random walker from seeds: the chance that a walker, who prefers steps between like values, reaches a
/// foreground seed first. @param map  CV_32FC1. @param seeds  CV_8UC1: 255 foreground, 1 background, 0 open.
/// @return CV_32FC1, 0..1; without both kinds of seeds only the seeds themselves. Solved by conjugate
/// gradients; ends early, with what it has, when asked to stop. Deterministic.
/// Source: Grady, PAMI 2006.
cv::Mat randomWalk(const cv::Mat &map, const cv::Mat &seeds, double beta = 130.0, std::stop_token stop = {});

/// A map of chances to a mask: nothing when Otsu explains less than 0.55 or more than 60 % lies above, else
/// what the walker gives from confident cells. CV_8UC1.
cv::Mat mapMask(const cv::Mat &map, std::stop_token stop = {});

} // namespace fw
