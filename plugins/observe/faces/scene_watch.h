// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <span>

namespace fw {

/// Watches how a clip changes at the size of a postage stamp: cuts between scenes, and whether
/// anything happened outside the faces that are known.
class SceneWatch
{
public:
    struct Change
    {
        bool cut = false;            ///< this picture starts a new scene
        double correlation = 1.0;    ///< with the picture before, -1..1
        double meanDifference = 0.0; ///< grey levels
    };

    /// @param grey  CV_8UC1.
    Change next(const cv::Mat &grey);

    /// Largest local difference to the marked picture outside these boxes (full-frame pixels), in
    /// grey levels; infinite when nothing was marked since the last cut.
    double outsideChange(std::span<const cv::Rect2f> known) const;
    void mark(); ///< remembers this picture for outsideChange

private:
    cv::Mat m_stamp, m_marked;
    cv::Size m_full;
    double m_usual = 2.0; ///< running mean of the difference between neighbours
};

} // namespace fw
