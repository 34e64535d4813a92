// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <span>
#include <vector>

namespace fw {

/// The detector of faces gives four planes with a place for every kFaceGridStride px of its input: log odds of a
/// face, x and y of its centre from the middle of the place in strides, logarithm of its side over three strides.
constexpr int kFaceGridStride = 8;
/// Sides of the faces that it answers for, px of its input; larger ones are found in a smaller picture.
constexpr float kFaceGridLeast = 10.0f, kFaceGridMost = 34.0f;
/// Log of a side, as the planes tell it.
float faceGridLogSide(float side);

/// Rows and columns of the planes.
constexpr int faceGridPlaces(int pixels)
{
    return (pixels + kFaceGridStride - 1) / kFaceGridStride;
}

struct GridFace
{
    cv::Rect2f box;      ///< a square, input px
    float logOdds = 0.0f;
};

/// All places of the planes above `leastLogOdds`, not yet one for each face.
/// @param input  size of the picture; empty when `values` does not fit it.
std::vector<GridFace> facesOfGrid(std::span<const float> values, cv::Size input, float leastLogOdds);

/// Of squares that overlap the surest.
std::vector<GridFace> surest(std::vector<GridFace> faces);

/// 8-bit grey to what the detector takes: CV_32FC1, (grey - 128) / 64.
cv::Mat faceGridInput(const cv::Mat &grey);

} // namespace fw
