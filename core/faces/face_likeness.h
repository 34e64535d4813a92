// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/face.h"
#include "faces/gradient_cells.h"

#include <opencv2/core.hpp>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// The directions of the grey levels' gradients over an upright face, in cells.
constexpr int kFaceGradientCells = 8;      ///< along each side
constexpr std::size_t kFaceGradients = kFaceGradientCells * kFaceGradientCells * kGradientDirections;

/// @param grey  CV_8UC1.  @return kFaceGradients numbers; empty when the points are no shape.
/// Source: Dalal and Triggs, CVPR 2005, on the square of faceCropOf().
std::vector<float> faceGradients(const cv::Mat &grey, const Landmarks68 &points);

/// What one picture of a face says about who it is: a unit vector.
using FaceMark = std::array<float, 64>;

/// Cosine of two marks, -1..1: higher for two pictures of one person.
double likeness(const FaceMark &a, const FaceMark &b);

/// Tells whether two pictures of a clip show one person: a projection of the gradients in which the
/// pictures of one person lie close and those of others apart (Belhumeur et al., "Fisherfaces",
/// PAMI 1997). Good for keeping numbers apart in one clip; too weak to name anybody.
class FaceLikeness
{
public:
    /// @param projection  one row of kFaceGradients weights a coordinate.
    FaceLikeness(std::vector<float> mean, std::vector<float> projection);
    /// Reads a file of bytes(). Errc::BadData when it is damaged or not that of `sha256`.
    static Result<FaceLikeness> load(const QString &path, const QString &sha256);
    QByteArray bytes() const;

    /// nullopt when the points are no shape.
    std::optional<FaceMark> of(const cv::Mat &grey, const Landmarks68 &points) const;
    FaceMark of(std::span<const float> gradients) const;

private:
    std::vector<float> m_mean, m_projection;
};

} // namespace fw
