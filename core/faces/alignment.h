// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <optional>
#include <span>

namespace fw {

/// The eyes are named by their place in the picture, so that mirroring a clip swaps them.
enum class Eye { ImageLeft, ImageRight };

/// (|p1-p5| + |p2-p4|) / (2 |p0-p3|) of the six points of one eye; unitless, about 0.2..0.4 for an
/// open eye. nullopt when a point is not finite or the corners fall together.
/// Source: Soukupova and Cech, CVWW 2016.
std::optional<double> eyeAspectRatio(const Landmarks68 &points, Eye eye);

/// Corner to corner of one eye, px.
double eyeWidth(const Landmarks68 &points, Eye eye);

/// Between the outer corners of both eyes, px: the yardstick of a face's size.
double eyeCornerDistance(const Landmarks68 &points);

/// x -> scale * rotation * x + shift, written as a complex factor.
struct Similarity
{
    double real = 1.0, imaginary = 0.0; ///< scale * (cos, sin)
    cv::Point2d shift{0, 0};
    double rms = 0.0; ///< residual of the fit, in the units of the target

    double scale() const;
    double rotationRadians() const;
    cv::Point2d map(const cv::Point2d &p) const;
    /// As the 2 x 3 matrix that cv::warpAffine takes.
    cv::Matx23d matrix() const;
    Similarity inverse() const;
};

/// Least squares over all pairs, without reflection. nullopt when there are fewer than two pairs,
/// the spans differ in length, a point is not finite or all source points fall together.
/// Source: Umeyama, PAMI 1991; in the plane the solution is closed.
std::optional<Similarity> fitSimilarity(std::span<const cv::Point2d> from,
                                        std::span<const cv::Point2d> to);

} // namespace fw
