// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit_table.h"

#include "faces/alignment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

namespace fw {

namespace {

constexpr double kJawRange = 0.35;     ///< speech and drop; beyond it the jaw is pulled (AU27)
constexpr double kLipShare = 0.12;     ///< of the distance of the eye corners: lips wide apart
constexpr double kLandmarkShare = 0.01; ///< noise of a landmark, as in PersonOptions
constexpr double kEyeSigma = 0.1;      ///< of an openness measured on pixels

/// Two names of one shape, "_L" and "_R", or one without sides; the weights of a unit add up to 1
/// for what alone can bring it to its full strength.
struct Ingredient
{
    const char *shape;
    double weight;
    bool sided;
};

const std::map<int, std::vector<Ingredient>> &recipes()
{
    static const std::map<int, std::vector<Ingredient>> table{
        {1, {{"browInnerUp", 1.0, true}}},
        {2, {{"browOuterUp", 1.0, true}}},
        {4, {{"browDown", 1.0, true}}},
        {5, {{"eyeWide", 1.0, true}}},
        {6, {{"cheekSquint", 1.0, true}}},
        {7, {{"eyeSquint", 1.0, true}}},
        {9, {{"noseSneer", 1.0, true}}},
        {10, {{"mouthUpperUp", 1.0, true}, {"mouthShrugUpper", 0.5, false}}},
        {12, {{"mouthSmile", 1.0, true}}},
        {14, {{"mouthDimple", 1.0, true}}},
        {15, {{"mouthFrown", 1.0, true}}},
        {17, {{"mouthShrugLower", 1.0, false}}},
        {20, {{"mouthStretch", 1.0, true}}},
    };
    return table;
}

double clip5(double value)
{
    return std::clamp(value, 0.0, 5.0);
}

/// Half the change of the intensity over plus and minus one deviation: honest at the bends too.
double sigmaOf(double strength, double sigma)
{
    return 0.5 * (intensityOf(strength + sigma) - intensityOf(std::max(0.0, strength - sigma)));
}

/// Along the head's vertical, mm: how far the inner lips are apart.
double lipGap(const PersonFit &fit, const Landmarks68 &points, const Camera &camera)
{
    const cv::Matx33d &r = fit.pose.rotation;
    const cv::Vec2d down(r(0, 1), r(1, 1)); // the head's y axis in the picture
    const double seen = down.dot(down);     // shortened twice: once here, once in the points
    double sum = 0.0;
    for (const auto &[upper, lower] : {std::pair{61, 67}, {62, 66}, {63, 65}}) {
        const cv::Point2f d = points[std::size_t(lower)] - points[std::size_t(upper)];
        const double mm = double(fit.points[std::size_t(upper)].z) / camera.focal;
        sum += mm * (down[0] * double(d.x) + down[1] * double(d.y)) / std::max(0.25, seen);
    }
    return sum / 3.0;
}

} // namespace

UnitTable::UnitTable(const FaceShapes &shapes)
{
    const auto add = [&](Mix &mix, const std::string &name, double weight) {
        if (const int i = shapes.expression(name); i >= 0)
            mix.push_back({std::size_t(i), weight});
    };
    const auto addSided = [&](Mix &mix, const std::string &name, double weight) {
        add(mix, name + "_L", 0.5 * weight);
        add(mix, name + "_R", 0.5 * weight);
    };
    for (std::size_t u = 0; u < kIntensityUnits.size(); ++u) {
        const auto recipe = recipes().find(kIntensityUnits[u]);
        if (recipe == recipes().end())
            continue;
        for (const Ingredient &part : recipe->second)
            part.sided ? addSided(m_mixes[u], part.shape, part.weight)
                       : add(m_mixes[u], part.shape, part.weight);
    }
    add(m_lipSuck, "mouthRollLower", 0.5);
    add(m_lipSuck, "mouthRollUpper", 0.5);
    addSided(m_lids, "eyeBlink", 1.0);
    add(m_jaw, "jawOpen", 1.0);
}

UnitTable::Strength UnitTable::strengthOf(const Mix &mix, const PersonFit &fit)
{
    Strength out;
    double variance = 0.0;
    for (const Part &a : mix) {
        out.value += a.weight * double(fit.expression[a.shape]);
        for (const Part &b : mix)
            variance += a.weight * b.weight * double(fit.covarianceOf(a.shape, b.shape));
    }
    out.sigma = std::sqrt(std::max(0.0, variance));
    return out;
}

UnitEstimate UnitTable::estimate(const PersonFit &fit, const FaceObservation &face,
                                 const Camera &camera) const
{
    UnitEstimate out;
    out.raw.fill(std::numeric_limits<float>::quiet_NaN());
    out.sigma.fill(std::numeric_limits<float>::quiet_NaN());
    const auto set = [&](std::size_t u, double value, double sigma) {
        out.raw[u] = float(clip5(value));
        out.sigma[u] = float(sigma);
    };
    for (std::size_t u = 0; u < m_mixes.size(); ++u) {
        if (m_mixes[u].empty())
            continue;
        const Strength s = strengthOf(m_mixes[u], fit);
        set(u, intensityOf(s.value), sigmaOf(s.value, s.sigma));
    }
    for (std::size_t u = 0; u < kIntensityUnits.size(); ++u) {
        const int unit = kIntensityUnits[u];
        if (unit == 25 && face.landmarks) {
            const double full = kLipShare * fit.eyeCorners;
            const double gap = lipGap(fit, *face.landmarks, camera) - fit.restingLipGap;
            // Three gaps of two points each.
            const double noise = kLandmarkShare * fit.eyeCorners * std::sqrt(2.0 / 3.0);
            set(u, 5.0 * gap / full, 5.0 * noise / full);
        } else if (unit == 26) {
            const Strength s = strengthOf(m_jaw, fit);
            set(u, 5.0 * s.value / kJawRange, 5.0 * s.sigma / kJawRange);
        } else if (unit == 45) {
            const auto openness = [](const std::optional<EyeObservation> &eye) {
                return eye ? std::optional(double(eye->openness)) : std::nullopt;
            };
            const auto left = openness(face.eyeImageLeft), right = openness(face.eyeImageRight);
            const Strength s = strengthOf(m_lids, fit);
            if (left && right)
                set(u, 5.0 * (1.0 - 0.5 * (*left + *right)), 5.0 * kEyeSigma);
            else
                set(u, 5.0 * s.value, 5.0 * s.sigma);
        }
    }
    out.lipSuck = float(intensityOf(strengthOf(m_lipSuck, fit).value));
    return out;
}

} // namespace fw
