// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <optional>
#include <vector>

namespace fw {

/// How the turn between whole face and centre follows the pose of the head: a shape that is not this
/// person's gives a turn that changes slowly and with the pose, a poor paste one that changes from
/// frame to frame.
struct TurnRegression
{
    std::vector<cv::Vec3d> residuals; ///< radians, one a frame: what the pose does not explain
    double rmsRadians = 0.0;          ///< of the residuals, for the degrees of freedom left
    double explained = 0.0;           ///< 0..1, share of the variance about the mean
};

/// Least squares of each component of the turn on (pitch, yaw, roll, 1).
/// nullopt for fewer than kLeastFramesForRegression frames or a length that differs.
std::optional<TurnRegression> regressTurns(const std::vector<cv::Vec3d> &turns, const std::vector<EulerAngles> &poses);
inline constexpr std::size_t kLeastFramesForRegression = 12;

} // namespace fw
