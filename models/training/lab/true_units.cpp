// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/true_units.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fw::lab {

namespace {

constexpr float kRest = 0.03f;
constexpr double kJawOpen = 0.35; ///< the strength that is intensity 5

} // namespace

std::array<double, 17> trueUnits(const render::FaceKit &kit, const float *e)
{
    const auto strength = [&](const std::string &name) {
        if (const int one = kit.expression(name); one >= 0)
            return double(e[one]);
        return 0.5 * (double(e[kit.expression(name + "_L")]) + double(e[kit.expression(name + "_R")]));
    };
    std::array<double, 17> truth;
    truth.fill(std::numeric_limits<double>::quiet_NaN());
    const auto set = [&](int unit, double value) {
        truth[std::size_t(std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit) - kIntensityUnits.begin())] = value;
    };
    for (const auto &[unit, name] : {std::pair{1, "browInnerUp"}, {2, "browOuterUp"}, {4, "browDown"}, {5, "eyeWide"},
                                     {6, "cheekSquint"}, {7, "eyeSquint"}, {9, "noseSneer"}, {10, "mouthUpperUp"},
                                     {12, "mouthSmile"}, {14, "mouthDimple"}, {15, "mouthFrown"}, {17, "mouthShrugLower"},
                                     {20, "mouthStretch"}})
        set(unit, intensityOf(strength(name)));
    set(26, 5.0 * std::clamp(strength("jawOpen") / kJawOpen, 0.0, 1.0));
    set(45, 5.0 * strength("eyeBlink"));
    return truth;
}

bool isAtRest(const render::FaceKit &kit, const float *expression)
{
    for (std::size_t i = 0; i < kit.expressionNames.size() && i < 64; ++i) {
        if (!kit.expressionNames[i].starts_with("eyeLook") && expression[i] > kRest)
            return false;
    }
    return true;
}

} // namespace fw::lab
