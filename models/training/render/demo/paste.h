// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>
#include <span>

namespace fw::render {

/// The similarity (2 x 3) that takes `from` nearest to `to` in the least-squares sense.
/// Source: Umeyama, PAMI 1991, in the plane.
cv::Matx23d similarityBetween(std::span<const cv::Point2d> from, std::span<const cv::Point2d> to);

/// Pastes the inner face of one picture into another the way face-swap tools do: the 51 inner
/// landmarks are laid over each other by a similarity, the hull round them is matched in colour
/// and blended in with a soft edge.
/// @param source, sourcePoints  8-bit BGR picture of the other person and its 68 points
/// @param target  changed in place; targetPoints its 68 points
void pasteInnerFace(const cv::Mat &source, const std::array<cv::Point2d, 68> &sourcePoints,
                    cv::Mat &target, const std::array<cv::Point2d, 68> &targetPoints);

} // namespace fw::render
