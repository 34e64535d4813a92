// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face_flow.h"

#include <optional>

namespace fw {

/// What the smooth flow from one frame to the next leaves unexplained: mean differences of grey levels.
struct MouthMotion
{
    float mouth = 0.0f; ///< between the inner lips, of an open mouth
    float cheek = 0.0f; ///< on both cheeks: noise and compression do as much there
};

/// Teeth and tongue are carried from frame to frame as skin is; an inside of a mouth that was made anew for each frame
/// flickers.
/// @param pointsBefore, points  the face's landmarks in both frames.
/// nullopt when the mouth is not open in both, a part is too small, or the picture is not sharp around the eyes (what
/// a blur hides does not flicker).
std::optional<MouthMotion> mouthMotion(const FaceFlow &face, const Landmarks68 &pointsBefore, const Landmarks68 &points);

} // namespace fw
