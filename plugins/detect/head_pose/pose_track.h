// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "faces/own_head.h"
#include "pose_difference.h"
#include "turn_regression.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

/// One face in one frame.
struct PoseSample
{
    FrameIndex frame = 0;
    double seconds = 0.0;
    Landmarks68 points{};
    double eyeCorners = 0.0;       ///< px
    std::optional<PosePair> poses; ///< nullopt: no pose could be found
    bool usable = false;           ///< within the limits of size, turn and fit
    /// Landmarks of the inner face seen alone; on some frames only.
    std::optional<Landmarks68> inner;
};

/// The angle between the whole face and the inner face seen alone, both found with the mean head, radians;
/// nullopt where it was not looked at or the sample is outside the limits.
std::optional<double> innerAngle(const PoseSample &sample, const Camera &camera);
/// The inner face is looked at on every so many-th frame.
inline constexpr int kInnerEvery = 10;
inline constexpr std::size_t kFewestInner = 8;

/// The limits of the method.
struct PoseLimits
{
    double mostYawDegrees = 30.0, mostPitchDegrees = 20.0; ///< beyond, half of the face is unseen
    double leastEyeCorners = 60.0;                         ///< px
    double mostRms = 0.06;                                 ///< of the distance between the eye corners
    std::size_t fewestFrames = 30;
};
inline constexpr PoseLimits kPoseLimits{};

/// Finds both poses of each sample with this head and says which samples can be used.
void findPoses(std::vector<PoseSample> &samples, const Camera &camera, const HeadModel &head, std::stop_token stop = {});

/// Fits a head to this many usable samples, spread evenly.
inline constexpr int kTrackViews = 20;
Result<OwnHead> headOfTrack(const FaceShapes &shapes, const Camera &camera, const std::vector<PoseSample> &samples,
                            int views = kTrackViews);

/// The track in numbers; angles in radians.
struct PoseSummary
{
    std::size_t usable = 0;
    double median = 0.0, p95 = 0.0;          ///< of the angle over usable frames
    double eyeCorners = 0.0;                 ///< median, px
    std::optional<double> noisePixels;       ///< of a landmark, from frame to frame
    std::optional<TurnRegression> turns;     ///< of the usable frames
    FrameIndex typical = 0;                  ///< usable frame with the angle nearest to the median
};
PoseSummary summarize(const std::vector<PoseSample> &samples);

} // namespace fw
