// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face_flow.h"

#include <optional>

namespace fw {

/// How a face moved from one frame to the next, against one affine motion of its inside.
struct SeamMotion
{
    float inside = 0.0f; ///< median deviation from it within the hull of brows, eyes, nose and mouth,
    float around = 0.0f; ///< and in a ring just outside it; both in shares of the distance of the outer eye corners
};

/// A face that was laid over another one moves as a whole; skin goes on outside of it.
/// @param points  the face's landmarks in the later frame.  nullopt when the picture has too little detail there.
std::optional<SeamMotion> seamMotion(const FaceFlow &face, const Landmarks68 &points);

} // namespace fw
