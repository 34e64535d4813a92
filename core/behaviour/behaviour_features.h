// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/head_axes.h"
#include "findings/observation_log.h"

#include <QString>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// What is correlated to know a person by: 16 action units, two angles of the head, two sizes of the
/// mouth, in the published order. Source: Agarwal et al., CVPR Workshops 2019, and their released code.
inline constexpr std::size_t kBehaviourFeatures = 20;
inline constexpr std::size_t kBehaviourPairs = kBehaviourFeatures * (kBehaviourFeatures - 1) / 2;
using BehaviourFeatures = std::array<double, kBehaviourFeatures>;

/// "AU01" ... "AU26", "pose_Rx", "pose_Rz", "lip_ver", "lip_hor".
QString behaviourFeatureName(std::size_t feature);
/// "inner brow raiser", "nodding", "opening of the mouth".
QString behaviourFeatureWords(std::size_t feature);
/// Below this standard deviation over a window a feature shows nothing but the noise of its
/// measurement; in the feature's own unit.
double behaviourNoiseFloor(std::size_t feature);

struct BehaviourPair
{
    std::size_t first = 0, second = 0; ///< features; first < second
};
/// All pairs, lexicographic: AU01-AU02, AU01-AU04, ..., lip_ver-lip_hor.
const std::array<BehaviourPair, kBehaviourPairs> &behaviourPairs();
/// Place of a pair of different features, in either order.
std::size_t behaviourPairOf(std::size_t a, std::size_t b);
QString behaviourPairName(std::size_t pair);  ///< "AU12-lip_hor"
QString behaviourPairWords(std::size_t pair); ///< "lip corner puller with width of the mouth"

/// Squared sizes of the mouth over the squared distance of the eyes, seen from the front.
struct LipMeasures
{
    double vertical = 0.0;   ///< between the middles of the outer lips (51, 57)
    double horizontal = 0.0; ///< between the corners (48, 54)
};
/// Independent of the head's turn, place and size. nullopt when a point is not finite.
std::optional<LipMeasures> lipMeasures(const FacePoints3d &face);

/// One face in one frame.
struct BehaviourSample
{
    FrameIndex frame = 0;
    double seconds = 0.0;
    std::optional<BehaviourFeatures> values; ///< nullopt: the frame cannot be used
    double yawDegrees = 0.0;
    double eyeCornersPixels = 0.0; ///< between the outer corners
};

/// Frames whose face was found with less are left out (the 0.93 of the paper's tracker is on a scale of
/// its own).
inline constexpr double kLeastFaceConfidence = 0.5;

/// What one observation gives. AU07, 15 and 17, which pictures show badly, are distances on the face
/// (face_distances.h), the others the observer's intensities as measured, not relative to rest: the
/// level of rest is learnt while the clip runs, and its steps would correlate. Those that were not
/// measured are not-a-number.
BehaviourSample behaviourSampleOf(const FaceObservation &face, FrameIndex frame, double seconds);

/// The faces of one track, in time order.
/// @param seconds  of each frame.  @param alone  leaves out frames with several faces.
std::vector<BehaviourSample> behaviourSamples(const ObservationLog &log, std::span<const double> seconds,
                                              TrackId track, bool alone = false);

} // namespace fw
