// SPDX-License-Identifier: GPL-3.0-or-later
#include "pose_difference.h"

#include "stats/quantile.h"

#include <cmath>
#include <random>

namespace fw {

namespace {

constexpr std::array<int, 38> kWhole = [] {
    std::array<int, 38> points{};
    for (int i = 0; i < 36; ++i)
        points[std::size_t(i)] = i;
    points[36] = 48;
    points[37] = 54;
    return points;
}();

constexpr std::array<int, 21> kCentral = [] {
    std::array<int, 21> points{};
    for (int i = 0; i < 19; ++i)
        points[std::size_t(i)] = 17 + i;
    points[19] = 48;
    points[20] = 54;
    return points;
}();

} // namespace

std::span<const int> wholeFacePoints()
{
    return kWhole;
}

std::span<const int> centralFacePoints()
{
    return kCentral;
}

Result<PosePair> comparePoses(const Landmarks68 &points, const Camera &camera)
{
    const auto whole = fitHeadPose(points, camera, neutralHead(), kWhole);
    if (!whole)
        return Failure{whole.error()};
    const auto central = refineHeadPose(*whole, points, camera, neutralHead(), kCentral);
    if (!central)
        return Failure{central.error()};
    return PosePair{*whole, *central, facingAngle(*whole, *central)};
}

std::optional<NoiseBand> noiseBand(const HeadPose &pose, const Camera &camera, double sigmaPixels, int draws, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0.0, sigmaPixels);
    Landmarks68 clean;
    for (std::size_t i = 0; i < clean.size(); ++i)
        clean[i] = projected(pose, camera, neutralHead()[i]);
    std::vector<double> angles;
    for (int d = 0; d < draws; ++d) {
        Landmarks68 noisy = clean;
        for (cv::Point2f &p : noisy)
            p += cv::Point2f(float(normal(random)), float(normal(random)));
        if (const auto pair = comparePoses(noisy, camera))
            angles.push_back(pair->angleRadians);
    }
    if (angles.size() < std::size_t(draws) / 2)
        return std::nullopt;
    return NoiseBand{*quantile(angles, 0.5), *quantile(angles, 0.95)};
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

double eyeCornerDistance(const Landmarks68 &points)
{
    return cv::norm(points[36] - points[45]);
}

} // namespace fw
