// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fw::render {

/// What a triangle of the head is made of.
enum class HeadPart : std::uint8_t {
    Skin,
    Scalp,
    MouthSocket,
    EyeSocket,
    Gums,
    Teeth,
    Lashes,
    Unused
};

/// The ICT-FaceKit Light head as data: neutral mesh, identity and expression modes, topology.
/// Lengths are millimetres in head axes (x to image right of a frontal head, y down, z away from
/// the camera, origin at the centroid of the 68 neutral landmarks).
struct FaceKit
{
    using Shape = std::vector<cv::Vec3f>;

    Shape neutral;                  ///< one point for each vertex
    std::vector<Shape> identities;  ///< offsets for one standard deviation
    std::vector<Shape> expressions; ///< offsets at full strength
    std::vector<std::string> expressionNames;
    std::vector<cv::Vec3i> triangles;
    std::vector<HeadPart> parts; ///< one for each triangle; eyeballs are Unused
    std::vector<cv::Vec2f> uv;
    std::vector<cv::Vec3i> uvTriangles; ///< indices into uv, beside triangles
    std::array<int, 68> landmarks{};    ///< vertices of the 68 points, iBUG order
    std::vector<int> leftEyeball;       ///< sclera vertices, the subject's left
    std::vector<int> rightEyeball;

    /// Index of a named expression, or -1.
    int expression(std::string_view name) const;

    /// Reads the folder with facekit.json and its arrays. The error names the file and the reason
    /// when something is missing, broken or does not fit together.
    static Result<FaceKit> load(const std::filesystem::path &folder);
};

} // namespace fw::render
