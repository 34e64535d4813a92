// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "render/noise.h"

#include <opencv2/core.hpp>

#include <span>

namespace fw::lab {

/// Puts one thing over a face by chance, as it may be in front of one: glasses, fingers, a microphone,
/// hair or a hat over the forehead, or a piece of some picture.
/// @param part  CV_8UC1. @param points  the face's, px of the part.
/// @param pictures  CV_8UC1, to take pieces of; may be empty.
void occlude(cv::Mat &part, const Landmarks68 &points, std::span<const cv::Mat> pictures,
             render::Random &random);

} // namespace fw::lab
