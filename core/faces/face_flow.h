// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"

#include <opencv2/core.hpp>

#include <optional>

namespace fw {

constexpr int kFaceFlowSide = 256; ///< px of the square

/// One face in two frames that follow each other, cut out upright, and how its pixels moved.
struct FaceFlow
{
    cv::Mat before, now; ///< CV_8UC1, kFaceFlowSide squared: as the square of faceCropOf(), only finer
    cv::Mat flow;        ///< CV_32FC2: where each pixel of `now` lies in `before`, px from itself
    Similarity toSquare; ///< frame to square, of `now`
};

/// Optical flow by dense inverse search (Kroeger et al., ECCV 2016).
/// @param before, now  CV_8UC1, whole frames. @param pointsBefore, points  the face's landmarks in each.
/// nullopt when the points are no shape.
std::optional<FaceFlow> faceFlow(const cv::Mat &before, const Landmarks68 &pointsBefore, const cv::Mat &now, const Landmarks68 &points);

} // namespace fw
