// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <opencv2/core.hpp>

#include <optional>

namespace fw {

/// What highlightAgreement() asks for.
constexpr float kHighlightIrisRadius = 25.0f; ///< px, of either iris
constexpr double kHighlightTurnDegrees = 20.0; ///< of the head, sideways and up or down

/// Both corneas of a face mirror the same lamps and windows, at nearly the same place of the iris. The highlights of each
/// iris (what is brighter than half way from its median to its brightest part) are laid over each other, iris on iris and
/// upright, moved by at most an eighth of its radius to where they fit best, and compared where both irises can be seen.
/// Source: Hu, Li, Lyu, "Exposing GAN-generated faces using inconsistent corneal specular highlights", ICASSP 2021.
/// @param grey  CV_8UC1, the whole frame.
/// @return their intersection over their union, 0..1; nullopt when neither iris has a highlight, an iris is smaller than
/// kHighlightIrisRadius or half hidden, or the head is turned.
std::optional<float> highlightAgreement(const cv::Mat &grey, const FaceObservation &face);

} // namespace fw
