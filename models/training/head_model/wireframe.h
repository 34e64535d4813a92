// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/face_kit.h"

#include <vector>

namespace fw::render {

/// A light mesh of the face's front: which vertices of the model it keeps, and its triangles.
struct Wireframe
{
    std::vector<int> vertices; ///< of the model; the 68 landmarks first, each once
    std::vector<cv::Vec3i> triangles; ///< indices of `vertices`; eyes and mouth are left open
};

/// Chooses about `count` vertices: the landmarks, and pairs of mirror images that lie farthest from
/// what is chosen, denser around eyes, nose and mouth. The triangles are Delaunay's on the face
/// unrolled from a cylinder.
Wireframe makeWireframe(const FaceKit &kit, std::size_t count);

} // namespace fw::render
