// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/hash.h"
#include "base/timestamp.h"
#include "media/coding.h"

#include <opencv2/core.hpp>

#include <memory>
#include <vector>

namespace fw {

/// One picture, shared between threads and therefore never changed after it was made.
/// Upright (rotation by multiples of 90 degrees applied), square-pixel scaling not applied.
struct Frame
{
    FrameIndex index = 0;
    Timestamp time;      ///< presentation time; subtract the first frame's for the clip's clock
    cv::Mat bgr;         ///< CV_8UC3, height x width
    Sha256 planes{};     ///< of the decoded planes; equals the ledger's
    bool keyFrame = false;
    char pictureType = '?';
    std::vector<MotionVector> motion; ///< as coded (not rotated); filled for views only

    std::size_t bytes() const
    {
        return bgr.total() * bgr.elemSize() + motion.size() * sizeof(MotionVector) + sizeof(Frame);
    }
};
using FramePtr = std::shared_ptr<const Frame>;

} // namespace fw
