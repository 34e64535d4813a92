// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <opencv2/core.hpp>

namespace fw::accuracy {

// Controlled manipulations of pixels. Pictures are CV_8UC1.

enum class IrisEdit { Mirrored, TurnedAround, OfAnother };

/// The iris at the right of the picture is mirrored, turned by 180 degrees, or that of another picture's face.
cv::Mat withOtherIris(const cv::Mat &grey, const FaceObservation &face, IrisEdit edit, const cv::Mat &otherGrey, const FaceObservation &other);

/// The inside of the mouth trembles: noise of so many grey levels, as fine as a hundredth of the face's width, new in each call.
cv::Mat withNoisyMouth(const cv::Mat &grey, const Landmarks68 &points, double levels, cv::RNG &random);
/// It is brighter or darker as a whole by a share drawn anew in each call (standard deviation).
cv::Mat withFlickeringMouth(const cv::Mat &grey, const Landmarks68 &points, double share, cv::RNG &random);
/// It comes from another frame of the same face.
cv::Mat withMouthOf(const cv::Mat &grey, const Landmarks68 &points, const cv::Mat &otherGrey, const Landmarks68 &otherPoints);

} // namespace fw::accuracy
