// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

namespace fw {

/// Where a person's face rests: the 10 % quantile of each unit over the frames so far, from
/// histograms. Nothing is taken off before 100 frames are known.
/// Source: Baltrusaitis, Mahmoud, Robinson, FG workshops 2015 (person-specific normalisation).
class RestLevel
{
public:
    static constexpr int kFewestFrames = 100;
    static constexpr double kQuantile = 0.10;

    void add(const std::array<float, 17> &raw);
    bool known() const { return m_frames >= kFewestFrames; }
    int frames() const { return m_frames; }
    /// 0..5 per unit; all 0 before it is known.
    std::array<float, 17> level() const;
    /// raw minus level, within 0..5; NaN stays NaN.
    static std::array<float, 17> above(const std::array<float, 17> &raw,
                                       const std::array<float, 17> &level);

private:
    static constexpr int kBins = 200; ///< of 0..5
    std::array<std::array<int, kBins>, 17> m_counts{};
    int m_frames = 0;
};

} // namespace fw
