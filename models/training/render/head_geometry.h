// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/face_kit.h"

#include <opencv2/core.hpp>

#include <memory>
#include <span>
#include <vector>

namespace fw::render {

/// Sphere of one eyeball in head axes, millimetres.
struct Eyeball
{
    cv::Vec3f centre;
    float radius = 0;
};

/// One person's head: identity applied once, expressions for every picture.
class HeadGeometry
{
public:
    /// @param identity  standard deviations of the first modes; may be shorter than the model's
    /// list
    /// @param eyeRadius  millimetres; the model's own 15.4 is larger than a person's
    HeadGeometry(std::shared_ptr<const FaceKit> kit, std::span<const float> identity,
                 float eyeRadius = 13.4f);

    const FaceKit &kit() const { return *m_kit; }
    /// The face without expression, head axes.
    const FaceKit::Shape &restShape() const { return m_rest; }
    /// The face with the given strengths, one for each named expression; 0 costs nothing.
    FaceKit::Shape shape(std::span<const float> expression) const;

    const Eyeball &leftEye() const { return m_left; }
    const Eyeball &rightEye() const { return m_right; }

private:
    std::shared_ptr<const FaceKit> m_kit;
    FaceKit::Shape m_rest;
    Eyeball m_left, m_right;
};

/// Smooth unit normals, weighted by area; they point to the side from which the
/// corners run anticlockwise.
void computeNormals(std::span<const cv::Vec3f> points, std::span<const cv::Vec3i> triangles,
                    std::vector<cv::Vec3f> &normals);

/// How much of the sky each vertex sees, 0 to 1, found by looking at the mesh from many sides.
/// Deterministic; about a second for the full head.
std::vector<float> computeOcclusion(std::span<const cv::Vec3f> points,
                                    std::span<const cv::Vec3i> triangles);

} // namespace fw::render
