// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <opencv2/core.hpp>

#include <optional>

namespace fw {

/// How a face moved from one frame to the next, against one affine motion of its inside.
struct SeamMotion
{
    float inside = 0.0f; ///< median deviation from it within the hull of brows, eyes, nose and mouth,
    float around = 0.0f; ///< and in a ring just outside it; both in shares of the distance of the outer eye corners
};

/// A face that was laid over another one moves as a whole; skin goes on outside of it. Looks at the optical flow
/// (Kroeger et al., ECCV 2016) in an upright square of 256 px around the face.
/// @param before, now  CV_8UC1, whole frames. @param pointsBefore, points  the face's landmarks in each.
/// nullopt when the points are no shape or the picture has too little detail there.
std::optional<SeamMotion> seamMotion(const cv::Mat &before, const Landmarks68 &pointsBefore, const cv::Mat &now,
                                     const Landmarks68 &points);

} // namespace fw
