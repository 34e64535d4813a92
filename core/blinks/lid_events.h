// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"

#include <optional>
#include <vector>

namespace fw {

/// What the eyes of one face did in one frame. Eyes are named by their side of the image.
struct EyeSample
{
    FrameIndex frame = 0;
    double seconds = 0.0;
    std::optional<double> left, right; ///< eye aspect ratio or openness; nullopt: not usable
};

/// Closure of each eye per sample, 0 open to 1 closed; not-a-number where not measured. From a measure
/// of opening it is 1 - opening / (opening of the open eye).
struct ClosureTrace
{
    std::vector<double> left, right;
    std::optional<double> openLeft, openRight; ///< of the open eye: the 90th percentile
};

enum class LidEventKind {
    Blink,     ///< 40 to 500 ms at half depth
    Prolonged, ///< 500 to 2000 ms
    Shut,      ///< longer: not usable eye time
    Glance,    ///< lids followed a look downwards: long and never closed
};

struct LidEvent
{
    LidEventKind kind = LidEventKind::Blink;
    std::size_t begin = 0, apex = 0, end = 0; ///< sample numbers; end is past the last
    double beginSeconds = 0.0, apexSeconds = 0.0, endSeconds = 0.0;
    double halfDepthSeconds = 0.0; ///< duration at half of the depth
    double minAperture = 0.0;      ///< 1 - greatest closure
    bool complete = false;         ///< minAperture < 0.25
    bool bothEyes = false;
    std::optional<double> lagSeconds; ///< apex of the right eye after that of the left
};

/// Counted as a blink: what observers of blink rates count.
inline bool isBlink(const LidEvent &e)
{
    return e.kind == LidEventKind::Blink || e.kind == LidEventKind::Prolonged;
}

/// Stretches of samples without a gap longer than 0.25 s: what happens across a gap is unknown.
std::vector<FrameRange> continuousStretches(const std::vector<EyeSample> &samples);

/// The scale is the track's own, because open eyes differ between people by a factor of two.
ClosureTrace closureOf(const std::vector<EyeSample> &samples);

/// For samples that are closures already.
ClosureTrace asRead(const std::vector<EyeSample> &closures);

/// How far the lids must come down to count.
struct LidRule
{
    double height = 0.35;     ///< closure at the apex
    double prominence = 0.25; ///< above what lies on both sides
};

/// Lid events by height, prominence and spacing (0.1 s) of the closure, within continuous stretches; both
/// eyes must move where both were measured.
/// Source: Soukupova and Cech, CVWW 2016, for the measure; the rule is our own.
std::vector<LidEvent> findLidEvents(const std::vector<EyeSample> &samples, const ClosureTrace &closure,
                                    const LidRule &rule = {});

} // namespace fw
