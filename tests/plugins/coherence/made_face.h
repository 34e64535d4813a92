// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Faces whose rules are known, for the tests of the coherence method.
#include "coherence_parts.h"
#include "coherence_verdict.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace fw::test {


struct MadeFace
{
    double seconds = 24, rate = 30;
    int lagFrames = 0;          ///< of the right lid
    double apart = 0;           ///< degrees, up and down, every other 1.5 s
    double innerPx = 0.2, outlinePx = 0.2;
    bool jawFollows = true;
    bool measuresAgree = true;  ///< openness with the aspect ratio
    bool lipsAgree = true;      ///< AU25 with the gap
    double rms = 0.02;
};

/// A face that blinks every 3 s, speaks, looks about and turns its head a little.
inline CoherenceTrack face(const MadeFace &made, unsigned seed = 3)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    CoherenceTrack track;
    track.rate = made.rate;
    const double corners = 120.0;
    const auto closure = [](double t) {
        const double x = std::abs(std::fmod(t, 3.0) - 1.4) / 0.15;
        return x < 1.0 ? 0.5 * (1.0 + std::cos(M_PI * x)) : 0.0;
    };
    for (int i = 0; i < int(made.seconds * made.rate); ++i) {
        const double t = i / made.rate;
        BehaviourRow r = missingBehaviourRow(i, t);
        r.usable = true;
        r.eyeCorners = corners;
        r.poseRms = made.rms;
        r.turn = {2.0, 8.0 * std::sin(1.3 * t), 0.0};
        r.eyeWidth = {40, 40};
        r.irisRadius = {9, 9};
        r.openness = {0.9 - 0.8 * closure(t) + 0.02 * normal(random),
                      0.9 - 0.8 * closure(t - made.lagFrames / made.rate) + 0.02 * normal(random)};
        for (std::size_t e = 0; e < 2; ++e)
            r.aspect[e] = made.measuresAgree ? 0.35 * r.openness[e] : 0.3 + 0.05 * normal(random);
        const double up = 4.0 * std::sin(0.7 * t), side = 8.0 * std::sin(1.3 * t);
        const bool aside = std::fmod(t, 3.0) < 1.5;
        for (std::size_t e = 0; e < 2; ++e) {
            r.irisAt[e] = {side + 0.6 * normal(random), up + 0.6 * normal(random) + (e == 1 && aside ? made.apart : 0.0)};
            r.gaze[e] = r.irisAt[e];
        }
        const double speech = 0.05 * (1.0 + std::sin(2.0 * M_PI * 3.1 * t)) * (1.0 + 0.4 * std::sin(0.9 * t));
        r.lipGap = speech + 0.002 * normal(random);
        r.jawDrop = 1.3 + (made.jawFollows ? 0.5 * speech : 0.03 * std::sin(2.0 * M_PI * 1.7 * t)) + 0.002 * normal(random);
        r.lipWidth = 0.6 + 0.01 * std::sin(0.5 * t) + 0.002 * normal(random);
        r.units.fill(0.0);
        r.units[14] = made.lipsAgree ? 20.0 * r.lipGap : std::abs(normal(random)); // AU25
        r.units[16] = 5.0 * (0.9 - 0.5 * (r.openness[0] + r.openness[1]));          // AU45
        r.units[8] = 0.1 * normal(random);
        for (std::size_t p = 0; p < 68; ++p) {
            const double sigma = (p < 27 ? made.outlinePx : made.innerPx) / corners;
            r.onHead[p] = {0.01 * double(p) + sigma * normal(random), 0.02 * double(p) + sigma * normal(random)};
        }
        track.rows.push_back(r);
    }
    return track;
}

/// The same face whose head turns by 16 degrees every 2 s, the line of sight `lead` seconds earlier.
inline CoherenceTrack turningFace(double lead)
{
    CoherenceTrack track = face({.seconds = 40});
    const auto head = [](double t) {
        const double x = std::fmod(t + 20.0, 4.0), up = std::clamp(x / 0.6, 0.0, 1.0), down = std::clamp((x - 2.0) / 0.6, 0.0, 1.0);
        return -8.0 + 8.0 * (1.0 - std::cos(M_PI * up)) - 8.0 * (1.0 - std::cos(M_PI * down));
    };
    for (BehaviourRow &r : track.rows) {
        r.turn[1] = head(r.seconds);
        for (auto &iris : r.irisAt)
            iris[0] -= 8.0 * std::sin(1.3 * r.seconds) + head(r.seconds + lead) - head(r.seconds);
    }
    return track;
}

/// The corners of the eyes move apart by so much of their distance.
inline void widen(BehaviourRow &row, double by)
{
    for (const std::size_t p : {36u, 39u})
        row.onHead[p].x -= 0.5 * by;
    for (const std::size_t p : {42u, 45u})
        row.onHead[p].x += 0.5 * by;
}

inline CoherenceOptions everything()
{
    CoherenceOptions options;
    options.exploratory = true;
    return options;
}

inline const CoherenceValue &of(const CoherenceResult &result, CoherenceId id)
{
    return result.values[std::size_t(id)];
}

inline CoherenceReference madeReference(int clips)
{
    CoherenceReference reference;
    std::vector<double> near1, near0;
    for (int i = 0; i < clips; ++i) {
        near1.push_back(0.8 + 0.4 * i / clips);
        near0.push_back(0.6 + 0.4 * i / clips);
    }
    reference.add(CoherenceId::S1, CoherenceStratum::of(120, 30, 0).key(), ReferenceValues::of(near1));
    reference.add(CoherenceId::M1, CoherenceStratum::of(120, 30, 0).key(), ReferenceValues::of(near0));
    reference.addPooled(CoherenceId::S1, ReferenceValues::of(near1), ReferenceValues::of(near1));
    reference.addPooled(CoherenceId::M1, ReferenceValues::of(near0), ReferenceValues::of(near0));
    return reference;
}

inline CoherenceVerdict verdictOf(const CoherenceTrack &track, const CoherenceReference &reference)
{
    const CoherenceResult result = measureCoherence(track, {});
    return weighCoherence(result, reference, {result.usableSeconds, 0.0, CoherenceStratum::of(120, 30, 0)});
}

/// A look every fifth frame.
template <class Change> CoherenceTrack withLooks(const Change &change)
{
    CoherenceTrack track = face({});
    std::mt19937 random(8);
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < track.rows.size(); i += 5)
        change(track.rows[i], normal(random));
    return track;
}

} // namespace fw::test
