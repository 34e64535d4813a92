// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "media/coding.h"

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace fw {

/// A rhythm in how badly P pictures are predicted.
struct ErrorRhythm
{
    double periodFrames = 0.0; ///< of the strongest line of the spectrum
    double peakOverMedian = 0.0;
    double meanExcess = 0.0;   ///< grey levels above the local median
};

/// Mean absolute prediction error of each P picture, from the coded motion vectors and the decoded
/// luma. After frames were taken out or put in, former key frames raise it in a rhythm.
/// Source: Stamm, Lin, Liu, IEEE TIFS 7(4):1315-1329, 2012.
class PredictionError
{
public:
    /// Frames in display order.
    void add(const CodingFrame &coding, const cv::Mat &luma);

    const std::vector<double> &values() const { return m_values; } ///< not-a-number: no P picture
    /// nullopt with fewer than 60 P pictures.
    std::optional<ErrorRhythm> rhythm() const;

private:
    cv::Mat m_reference;
    std::vector<double> m_values;
};

} // namespace fw
