// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <array>
#include <optional>
#include <vector>

namespace fw {

/// The 68 points of a fitted face in space, mm.
using FacePoints3d = std::array<cv::Point3f, 68>;

/// A turn and a shift: x -> rotation * x + shift.
struct RigidMotion
{
    cv::Matx33d rotation = cv::Matx33d::eye();
    cv::Vec3d shift{0, 0, 0};

    cv::Point3f map(const cv::Point3f &p) const;
};

/// The motion that brings a face into head axes: onto the neutral head, least squares over the
/// points that move little when a face speaks or frowns. It removes pose and place, never size or
/// expression. nullopt when a point is not finite or the points lie on a line.
/// Source: Umeyama, PAMI 1991, without scale.
std::optional<RigidMotion> motionToHeadAxes(const FacePoints3d &face);

/// The face in head axes; nullopt as above.
std::optional<FacePoints3d> withoutPose(const FacePoints3d &face);

/// The median of each coordinate: the shape that this face has most of the time.
/// @param faces  in head axes. nullopt for less than kLeastFacesForRest.
std::optional<FacePoints3d> restShape(const std::vector<FacePoints3d> &faces);
inline constexpr std::size_t kLeastFacesForRest = 10;

} // namespace fw
