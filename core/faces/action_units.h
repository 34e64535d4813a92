// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <array>

namespace fw {

/// The facial action units whose intensity is estimated, in the order of every array here.
/// Source: Ekman and Friesen, FACS 1978/2002; the choice is OpenFace's (Baltrusaitis et al. 2018).
inline constexpr std::array<int, 17> kIntensityUnits{1,  2,  4,  5,  6,  7,  9,  10, 12,
                                                     14, 15, 17, 20, 23, 25, 26, 45};
/// Those whose presence is judged: the same and AU28.
inline constexpr std::array<int, 18> kPresenceUnits{1,  2,  4,  5,  6,  7,  9,  10, 12,
                                                    14, 15, 17, 20, 23, 25, 26, 28, 45};

/// Action units of one face in one frame.
struct ActionUnits
{
    std::array<float, 17> intensity{}; ///< 0..5, relative to this person's own rest
    std::array<float, 17> raw{};       ///< 0..5, as measured
    std::array<float, 17> sigma{};     ///< one standard deviation of raw
    std::array<bool, 18> present{};    ///< of kPresenceUnits
};

/// "inner brow raiser"; an empty string for a unit that is not listed above.
QString actionUnitName(int unit);
/// "AU01".
QString actionUnitCode(int unit);

/// FACS letters as numbers: 0 below a strength of 0.02, 1 (A) at 0.05, 2 at 0.15, 3 at 0.35, 4 at
/// 0.65, 5 (E) from 0.9, linear between. The scale is unequal: C and D cover most of it.
/// The places of the letters are our own and not calibrated on coded video.
double intensityOf(double strength);

} // namespace fw
