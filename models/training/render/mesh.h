// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <vector>

namespace fw::render {

/// What a triangle is shaded as.
enum class Material : std::uint8_t {
    Skin,
    MouthSocket,
    EyeSocket,
    Gums,
    Teeth,
    LeftEye,
    RightEye,
    Hair,
    Cloth,
};

/// A piece of the scene. The first four lists have one entry for each vertex.
struct Mesh
{
    std::vector<cv::Vec3f> points; ///< where it is drawn
    std::vector<cv::Vec3f> normals;
    std::vector<cv::Vec3f> rest; ///< where its surface pattern is read; see the maker
    std::vector<float> open;     ///< share of the sky it sees
    std::vector<cv::Vec3i> triangles;
    std::vector<Material> materials; ///< one for each triangle

    /// Adds another piece behind this one.
    void append(const Mesh &other);
};

/// A sphere; `rest` is the unit direction from its centre.
Mesh makeSphere(const cv::Vec3f &centre, float radius, Material material);

/// Neck opening, shoulders and chest in a plain shirt, head axes of the neutral pose; `rest` is the
/// place itself.
Mesh makeTorso();

} // namespace fw::render
