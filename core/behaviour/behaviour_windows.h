// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/behaviour_features.h"

#include <bitset>
#include <vector>

namespace fw {

inline constexpr double kBehaviourRate = 30.0;          ///< samples/s after resampling
inline constexpr std::size_t kBehaviourWindow = 300;    ///< samples: 10 s
inline constexpr double kBehaviourWindowSeconds = double(kBehaviourWindow) / kBehaviourRate;
inline constexpr double kBehaviourStrideSeconds = 0.5;  ///< between windows of long material
inline constexpr double kFineStrideSeconds = 5.0 / kBehaviourRate; ///< for questioned clips below a minute

/// A feature track at an even rate.
struct ResampledBehaviour
{
    enum class Kind : std::uint8_t {
        Measured, ///< between two frames that follow each other
        Filled,   ///< over a gap of three frames or less
        Missing,
    };
    double beginSeconds = 0.0;
    std::vector<BehaviourFeatures> values; ///< at kBehaviourRate
    std::vector<Kind> kinds;
};

/// Linear interpolation on time stamps. @param samples  in time order.
ResampledBehaviour resampleBehaviour(const std::vector<BehaviourSample> &samples);

/// Which features move together over ten seconds.
struct BehaviourWindow
{
    double beginSeconds = 0.0;
    std::array<double, kBehaviourPairs> r{};   ///< Pearson; 0 where flagged
    std::bitset<kBehaviourPairs> flagged;      ///< one of the two was constant or not measured
};

/// Pearson correlations of `rows` of 20 features each; a pair with a feature whose standard deviation
/// lies below its noise floor, or that is not finite, is flagged.
BehaviourWindow correlate(std::span<const BehaviourFeatures> rows);

/// Fisher's z of a correlation, |r| <= 0.995 first: its spread hardly depends on r.
double fisherZ(double r);
/// z of all pairs, in order; 0 where flagged.
std::array<double, kBehaviourPairs> fisherZ(const BehaviourWindow &window);

/// A face track cut into windows, and under which conditions it was filmed.
struct WindowedBehaviour
{
    std::vector<BehaviourWindow> windows; ///< usable ones, in time order
    double usableSeconds = 0.0;           ///< covered by usable windows
    int independent = 0;                  ///< usable windows that share no frame
    int refused = 0;                      ///< windows left out
    double meanYawDegrees = 0.0;          ///< of |yaw|
    double eyeCornersPixels = 0.0;        ///< median
    double framesPerSecond = 0.0;
};

/// A window is used when it has no gap of more than three frames, at most 2 % of its samples are
/// filled, and at most a quarter of the pairs that the whole track can show are flagged.
WindowedBehaviour windowsOf(const std::vector<BehaviourSample> &samples,
                            double strideSeconds = kBehaviourStrideSeconds);

/// Windows of all tracks of a clip on which nobody else is seen, in time order: for enrolment.
WindowedBehaviour windowsOfClip(const ObservationLog &log, std::span<const double> seconds,
                                double strideSeconds = kBehaviourStrideSeconds);

} // namespace fw
