// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "head_pose/simulated_heads.h"
#include "pose_difference.h"

#include <stop_token>
#include <vector>

namespace fw {

/// What the landmarks of a set are like.
struct SpliceNoise
{
    double jitterLow = 0.3, jitterHigh = 2.0; ///< px at 129 px between the eye corners, per frame
    double habit = 0.0;                       ///< px, the same in every frame of a pair
};

/// One frame: genuine, or with an inner face pasted in.
struct SpliceFrame
{
    PosePair poses;
    int pair = 0;         ///< of people; frames of one must not be torn apart
    bool spliced = false;
    double degrees = 0.0; ///< by how much the pasted pose is wrong
};

/// Frames of so many pairs of people, found with the generic head: half of each pair's are genuine, the
/// other half spliced with a pose wrong by `low`..`high` degrees. Both kinds share poses, expressions
/// and sizes, so that a classifier cannot learn those.
std::vector<SpliceFrame> makeSplices(const FaceShapes &shapes, int pairs, int framesPerPair, double low, double high,
                                     const SpliceNoise &noise, std::uint64_t seed);

/// Area under the ROC of the plain angle.
double angleArea(const std::vector<SpliceFrame> &frames);

} // namespace fw
