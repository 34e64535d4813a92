// SPDX-License-Identifier: GPL-3.0-or-later
#include "pose_difference.h"

#include "stats/quantile.h"

#include <cmath>
#include <random>

namespace fw {

Result<PosePair> comparePoses(const Landmarks68 &points, const Camera &camera, const HeadModel &head)
{
    const auto whole = fitHeadPose(points, camera, head, wholeFacePoints());
    if (!whole)
        return Failure{whole.error()};
    const auto central = refineHeadPose(*whole, points, camera, head, centralFacePoints());
    if (!central)
        return Failure{central.error()};
    return PosePair{*whole, *central, facingAngle(*whole, *central)};
}

std::array<double, 12> poseFeature(const PosePair &pair)
{
    std::array<double, 12> feature{};
    const cv::Matx33d turn = pair.central.rotation - pair.whole.rotation;
    const cv::Vec3d shift = pair.central.translation - pair.whole.translation;
    for (int i = 0; i < 9; ++i)
        feature[std::size_t(i)] = turn.val[i];
    for (int i = 0; i < 3; ++i)
        feature[std::size_t(9 + i)] = shift[i];
    return feature;
}

cv::Vec3d turnBetween(const PosePair &pair)
{
    const cv::Matx33d r = pair.whole.rotation.t() * pair.central.rotation;
    const cv::Vec3d axis(r(2, 1) - r(1, 2), r(0, 2) - r(2, 0), r(1, 0) - r(0, 1)); // 2 sin(angle) long
    const double twice = cv::norm(axis);
    const double angle = std::atan2(twice, cv::trace(r) - 1.0);
    return axis * (twice < 1e-9 ? 0.5 : angle / twice);
}

std::optional<NoiseBand> noiseBand(const HeadPose &pose, const Camera &camera, double sigmaPixels, int draws,
                                   std::uint64_t seed, const HeadModel &head)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0.0, sigmaPixels);
    Landmarks68 clean;
    for (std::size_t i = 0; i < clean.size(); ++i)
        clean[i] = projected(pose, camera, head[i]);
    std::vector<double> angles;
    double squares = 0.0;
    for (int d = 0; d < draws; ++d) {
        Landmarks68 noisy = clean;
        for (cv::Point2f &p : noisy)
            p += cv::Point2f(float(normal(random)), float(normal(random)));
        if (const auto pair = comparePoses(noisy, camera, head)) {
            angles.push_back(pair->angleRadians);
            squares += turnBetween(*pair).dot(turnBetween(*pair));
        }
    }
    if (angles.size() < std::size_t(draws) / 2 || angles.empty())
        return std::nullopt;
    return NoiseBand{*quantile(angles, 0.5), *quantile(angles, 0.95), std::sqrt(squares / double(angles.size()))};
}

std::optional<double> landmarkNoise(const std::vector<Landmarks68> &consecutive)
{
    std::vector<double> residuals;
    for (std::size_t f = 1; f + 1 < consecutive.size(); ++f) {
        for (std::size_t i = 0; i < 68; ++i) {
            const cv::Point2f r = consecutive[f][i] - 0.5f * (consecutive[f - 1][i] + consecutive[f + 1][i]);
            residuals.push_back(r.x);
            residuals.push_back(r.y);
        }
    }
    const auto sigma = robustSigma(residuals);
    if (!sigma)
        return std::nullopt;
    return *sigma / std::sqrt(1.5); // the variance of x - (y + z) / 2 for equal, independent noise
}

} // namespace fw
