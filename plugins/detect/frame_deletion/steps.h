// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/scene_steps.h"
#include "media/ledger.h"

namespace fw {

/// A frame that does not go on from the one before as its neighbours do.
struct Discontinuity
{
    FrameIndex frame = 0;
    double motion = 0.0;     ///< motion into the frame over that of its neighbours
    double motionZ = 0.0;    ///< of its logarithm, robust standard deviations
    double brightnessZ = 0.0;
    QString explained;       ///< what explains it: a scene cut, a gap in the clock; empty: nothing
};

/// Motion and brightness from frame to frame, on small grey copies.
class FrameSteps
{
public:
    /// Frames in ascending order without gaps.
    void add(FrameIndex index, const cv::Mat &small);

    const std::vector<double> &motion() const { return m_motion; } ///< px of the small copy
    /// Frames beyond six robust deviations in motion or brightness, at most `most`, the clearest.
    std::vector<Discontinuity> discontinuities(const Ledger &ledger, std::size_t most) const;

private:
    SceneSteps m_scene;
    cv::Mat m_last;
    std::vector<double> m_motion, m_brightness;
};

} // namespace fw
