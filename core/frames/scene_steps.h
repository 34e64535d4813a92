// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace fw {

/// How much the picture changes from each frame to the next, on small grey copies.
class SceneSteps
{
public:
    /// Frames in ascending order; BGR or grey; a left-out frame leaves its step unknown.
    void add(FrameIndex index, const cv::Mat &picture);

    /// Mean absolute difference from frame index - 1 to `index`, grey levels.
    std::optional<double> stepTo(FrameIndex index) const;
    /// That step over the median of the steps around it; nullopt without neighbours that move.
    std::optional<double> jumpAt(FrameIndex index) const;
    /// Whether the scene changes at `index`: large and much larger than around it.
    bool isCut(FrameIndex index) const;

private:
    cv::Mat m_last;
    FrameIndex m_lastIndex = -1;
    std::vector<double> m_steps; ///< by frame index; NaN: unknown
};

} // namespace fw
