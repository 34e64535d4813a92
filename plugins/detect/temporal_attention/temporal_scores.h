// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/behaviour_window.h"
#include "infer/network.h"

#include <array>
#include <stop_token>
#include <vector>

namespace fw {

/// What the networks say of one window.
struct TemporalScore
{
    std::size_t firstRow = 0, lastRow = 0;
    double logit = 0.0;    ///< mean of the networks; above 0 is more like the manipulated windows of training
    double spread = 0.0;   ///< deviation among the networks of the file; 0 when it holds one
    double distance = 0.0; ///< of what they saw from training; above 1 farther than 99 % of it
    std::array<float, kWindowFrames> attention{};          ///< sums to 1
    std::array<float, kWindowFrames / 4> contribution{};   ///< what four frames add to the logit
};

/// Runs the networks over the windows of a face. `contribution` is found by replacing four frames at a
/// time by the mean of the window.
/// Errors of the network; Errc::BadData for a network of another shape; Errc::Cancelled.
Result<std::vector<TemporalScore>> temporalScores(Network &network, const std::vector<MotionWindow> &windows, const std::stop_token &stop);

/// Values per row from scores of windows that overlap: their mean over all that cover the row.
/// Windows beyond what was trained on (distance above 1) give no logit.
struct TemporalTraces
{
    std::vector<double> logit, low, high; ///< not-a-number where no window lies
    std::vector<double> attention;        ///< 1: as much as an even share
    std::vector<double> contribution;
};
TemporalTraces temporalTraces(const std::vector<TemporalScore> &scores, std::size_t rows);

/// Windows that do not overlap, in order.
std::vector<const TemporalScore *> separateScores(const std::vector<TemporalScore> &scores);

} // namespace fw
