// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>
#include <span>
#include <vector>

namespace fw::lab {

/// One map of the face detector: a place for every `stride` px of its input.
struct FaceGridLevel
{
    int stride = 8;
    float leastSide = 10, mostSide = 40; ///< sides of the faces that it answers for, input px
};

/// The maps in the order in which the network gives them; each holds four planes: log odds of a
/// face, x and y of its centre from the middle of the place in strides, logarithm of its side over
/// four strides.
inline constexpr std::array<FaceGridLevel, 3> kFaceGrid{
    {{8, 9.0f, 40.0f}, {16, 36.0f, 88.0f}, {32, 80.0f, 260.0f}}};

/// Rows and columns of a map.
inline cv::Size faceGridSize(cv::Size input, const FaceGridLevel &level)
{
    return {(input.width + level.stride - 1) / level.stride,
            (input.height + level.stride - 1) / level.stride};
}

struct GridFace
{
    cv::Rect2f box;      ///< a square, input px
    float logOdds = 0.0f;
};

/// Reads the maps of one picture: places above `leastLogOdds`, of overlapping squares the surest.
std::vector<GridFace> facesOfGrid(std::span<const float> values, cv::Size input,
                                  float leastLogOdds);

/// 8-bit grey to what the detector takes: CV_32FC1, (grey - 128) / 64.
cv::Mat faceGridInput(const cv::Mat &grey);

} // namespace fw::lab
