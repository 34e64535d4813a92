// SPDX-License-Identifier: GPL-3.0-or-later
#include "turn_regression.h"

#include <algorithm>
#include <cmath>

namespace fw {

std::optional<TurnRegression> regressTurns(const std::vector<cv::Vec3d> &turns, const std::vector<EulerAngles> &poses)
{
    const std::size_t count = turns.size();
    if (count < kLeastFramesForRegression || poses.size() != count)
        return std::nullopt;
    cv::Vec3d meanTurn(0, 0, 0), meanPose(0, 0, 0);
    const auto poseAt = [&](std::size_t i) {
        return cv::Vec3d(poses[i].pitchRadians, poses[i].yawRadians, poses[i].rollRadians);
    };
    for (std::size_t i = 0; i < count; ++i) {
        meanTurn += turns[i] * (1.0 / double(count));
        meanPose += poseAt(i) * (1.0 / double(count));
    }
    cv::Matx33d system = cv::Matx33d::zeros(), cross = cv::Matx33d::zeros();
    double total = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const cv::Vec3d p = poseAt(i) - meanPose, t = turns[i] - meanTurn;
        system += p * p.t();
        cross += p * t.t();
        total += t.dot(t);
    }
    // A head that holds still tells nothing of its poses: (0.03 degrees)^2 a frame keeps that solvable.
    const cv::Matx33d ridge = cv::Matx33d::eye() * (2.7e-7 * double(count));
    const cv::Matx33d slopes = (system + ridge).inv(cv::DECOMP_CHOLESKY) * cross;
    TurnRegression found;
    double left = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const cv::Vec3d r = (turns[i] - meanTurn) - slopes.t() * (poseAt(i) - meanPose);
        found.residuals.push_back(r);
        left += r.dot(r);
    }
    found.rmsRadians = std::sqrt(left / double(count - 4));
    found.explained = total > 0.0 ? std::clamp(1.0 - left / total, 0.0, 1.0) : 0.0;
    return found;
}

} // namespace fw
