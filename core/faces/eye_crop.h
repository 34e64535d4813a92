// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"
#include "faces/camera.h"

#include <opencv2/core.hpp>

#include <array>
#include <optional>

namespace fw {

/// Networks see an eye in a part of this size, px: one and a half eye widths across.
constexpr int kEyeCropWidth = 64, kEyeCropHeight = 40;

/// Frame to part for one eye, upright as the face is. The size follows the eye's width, but not
/// below 0.6 of what the whole face lets expect, so that an eye that turns away does not fill the
/// part. nullopt when the points are no shape.
std::optional<Similarity> eyeCropOf(const Landmarks68 &points, Eye eye);

/// The same, followed over time: lids that close pull the points of their eye together, which must not
/// move or enlarge the part. The eye's place and width in the face are smoothed (one pole, 0.10 s), the
/// face itself is not: nose and eye corners tell where it is.
class SteadyEyeCrop
{
public:
    explicit SteadyEyeCrop(Eye eye) : m_eye(eye) {}
    /// Times in ascending order (s); starts anew after a gap of more than 0.25 s.
    /// @return nullopt when the points are no shape; what was known is kept.
    std::optional<Similarity> next(const Landmarks68 &points, double seconds);
    bool fresh() const { return m_fresh; } ///< the last call started anew

private:
    Eye m_eye;
    bool m_fresh = true;
    std::optional<double> m_seconds;
    cv::Point2d m_centre{0, 0}; ///< in the square of faceCropTemplate()
    double m_width = 0.0;
};

/// The rotation of camera axes after which a pixel lies straight ahead. A gaze looks the same in the
/// picture wherever the face is only when it is told from the line of view.
cv::Matx33d straightAhead(const cv::Point2d &pixel, const Camera &camera);

/// Where each of the twelve lid points (see EyeObservation) goes when the picture is mirrored.
const std::array<int, 12> &mirroredLids();

} // namespace fw
