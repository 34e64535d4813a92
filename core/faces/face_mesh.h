// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace fw {

/// Three of the 68 points. Seen from the front (x right, y down) they run clockwise, so the outer
/// product of its first two edges points away from the viewer, into the head.
using FaceTriangle = std::array<std::uint8_t, 3>;

/// A skin over the 68 points: 93 triangles, the same on both halves of the face, with holes where
/// the eyes and the mouth open. Computed once as the Delaunay triangulation of the neutral head,
/// unrolled around a vertical axis with the mouth open, inside the outline of jaw and brows.
std::span<const FaceTriangle> faceTriangles();

/// A run of neighbouring points that people expect to see joined.
struct FaceStroke
{
    int first, last;
    bool closed; ///< also from last to first
};

/// Jaw, brows, nose, eyes and lips; every joint is an edge of a triangle.
std::span<const FaceStroke> faceStrokes();

} // namespace fw
