// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/eye_crop.h"

#include "faces/face_crop.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fw {

namespace {

constexpr double kShown = 1.5;              ///< eye widths across
constexpr double kExpectedMillimetres = 26; ///< between the corners of one eye of the mean head
constexpr double kLeastShare = 0.6;
constexpr double kSmoothSeconds = 0.10, kMostGapSeconds = 0.25;

cv::Point2d middleOf(const Landmarks68 &points, Eye eye)
{
    const std::size_t first = eye == Eye::ImageLeft ? 36 : 42;
    cv::Point2d centre(0, 0);
    for (std::size_t i = 0; i < 6; ++i)
        centre += cv::Point2d(points[first + i]) * (1.0 / 6.0);
    return centre;
}

} // namespace

std::optional<Similarity> eyeCropOf(const Landmarks68 &points, Eye eye)
{
    const auto face = faceCropOf(points);
    if (!face)
        return std::nullopt;
    const cv::Point2d centre = middleOf(points, eye);
    const double expected = kExpectedMillimetres * kFaceCropPixelsPerMillimetre / face->scale();
    const double width = std::max(eyeWidth(points, eye), kLeastShare * expected);
    const double scale = kEyeCropWidth / (kShown * width);
    const double angle = face->rotationRadians();
    Similarity s;
    s.real = scale * std::cos(angle);
    s.imaginary = scale * std::sin(angle);
    s.shift = {0, 0};
    s.shift = cv::Point2d(0.5 * kEyeCropWidth, 0.5 * kEyeCropHeight) - s.map(centre);
    return s;
}

std::optional<Similarity> SteadyEyeCrop::next(const Landmarks68 &points, double seconds)
{
    const auto face = firmFaceCropOf(points);
    if (!face)
        return std::nullopt;
    const cv::Point2d centre = face->map(middleOf(points, m_eye));
    const double width = std::max(eyeWidth(points, m_eye) * face->scale(),
                                  kLeastShare * kExpectedMillimetres * kFaceCropPixelsPerMillimetre);
    const double step = m_seconds ? seconds - *m_seconds : 0.0;
    m_fresh = !m_seconds || step > kMostGapSeconds || step < 0.0;
    const double share = m_fresh ? 1.0 : 1.0 - std::exp(-step / kSmoothSeconds);
    m_centre += share * (centre - m_centre);
    m_width += share * (width - m_width);
    m_seconds = seconds;
    const double enlarge = kEyeCropWidth / (kShown * m_width);
    Similarity s;
    s.real = enlarge * face->real;
    s.imaginary = enlarge * face->imaginary;
    s.shift = cv::Point2d(0.5 * kEyeCropWidth, 0.5 * kEyeCropHeight) + enlarge * (face->shift - m_centre);
    return s;
}

cv::Matx33d straightAhead(const cv::Point2d &pixel, const Camera &camera)
{
    cv::Vec3d z((pixel.x - camera.centre.x) / camera.focal, (pixel.y - camera.centre.y) / camera.focal,
                1.0);
    z *= 1.0 / cv::norm(z);
    cv::Vec3d x = cv::Vec3d(0, 1, 0).cross(z);
    x *= 1.0 / cv::norm(x);
    const cv::Vec3d y = z.cross(x);
    return {x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]};
}

const std::array<int, 12> &mirroredLids()
{
    static const std::array<int, 12> index{6, 5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7};
    return index;
}

} // namespace fw
