// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"

#include <opencv2/core.hpp>

#include <array>
#include <optional>

namespace fw {

/// Networks see a face in a square of this side, px; it shows 190 mm of a mean frontal head around
/// the centroid of its 68 points, upright.
constexpr int kFaceCropSide = 112;
constexpr double kFaceCropPixelsPerMillimetre = kFaceCropSide / 190.0;

/// Where the points of the mean frontal head lie in the square.
const Landmarks68 &faceCropTemplate();

/// Frame to square, by all points. nullopt when the points are no shape.
std::optional<Similarity> faceCropOf(const Landmarks68 &points);

/// The same by points that neither lids nor mouth move: nose and corners of the eyes.
std::optional<Similarity> firmFaceCropOf(const Landmarks68 &points);

/// The square for a face that was only boxed: the box goes about from the brows to the chin.
Similarity faceCropOf(const cv::Rect2f &box);

/// How far the farthest corner of a square moves from one to the other, px of the square.
double squareMotion(const Similarity &from, const Similarity &to);

/// The square for the next frame: `wanted`, but where that differs from the last one by little more than
/// the noise of the points, mostly the last one. A square that trembles with the points feeds their noise
/// back to them. Points that the network places in it are not smoothed by this.
Similarity steadied(const Similarity &wanted, const Similarity &last);

/// The box of a face whose square is known: the inverse of faceCropOf(box), without the roll.
cv::Rect2f faceSquareOf(const Similarity &toCrop);

/// The point that each point becomes when the picture is mirrored.
const std::array<int, 68> &mirroredLandmarks();

/// Cuts a part out of a frame for a network. Large faces are averaged down, not skipped over.
/// @param grey   CV_8UC1.
/// @param toCrop frame pixels to pixels of the part.
/// @return CV_32FC1 of `size`, mean 0 and deviation 1 (a flat part stays 0).
cv::Mat standardisedCrop(const cv::Mat &grey, const Similarity &toCrop, cv::Size size);

/// The same for a part that is cut already. @param part  CV_8UC1.
cv::Mat standardised(const cv::Mat &part);

} // namespace fw
