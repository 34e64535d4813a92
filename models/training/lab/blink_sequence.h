// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/blink_scene.h"
#include "lab/blink_watched.h"
#include "lab/eye_task.h"

#include <array>
#include <utility>
#include <vector>

namespace fw::lab {

/// What one eye did over time, as a camera saw it.
struct BlinkSequence
{
    double rate = 30.0;           ///< frames/s
    std::vector<cv::Mat> parts;   ///< CV_32FC1, kEyeCropWidth x kEyeCropHeight, standardised
    std::vector<float> closure;   ///< 0 open .. 1 closed
    std::vector<bool> closureKnown; ///< a photograph tells open from closed, and nothing between
    std::vector<bool> closed;     ///< closure of 0.7 and more
    std::vector<bool> closedKnown;
    std::vector<bool> moved;      ///< lids or eye were not at rest: most frames teach little
    std::vector<std::pair<double, double>> blinks;  ///< apex (s) and depth (0..1) of each
    std::vector<std::pair<double, double>> glances; ///< seconds [from, to) of looks down
};

struct SequenceOrder
{
    double rate = 30.0;
    double seconds = 1.6;
    double blinksPerMinute = 40.0; ///< expected; a gap of 0.35 s at least lies between two
    double glancesPerMinute = 8.0, squintsPerMinute = 5.0, looksPerMinute = 12.0;
    double leastGlanceSeconds = 0.15;
    double eyeWidth = 0.0; ///< px before it was enlarged; 0: any from 12 to 60
    bool weather = true;   ///< light, blur, noise
    double codec = 0.5;    ///< chance of going through H.264 at a constant rate factor of 18..38
};

/// Plays lids of a drawn eye. Times of closing and opening after Stern et al. 1984; half of the
/// blinks are partial, as in Ousler et al. 2014.
BlinkSequence playScene(const BlinkScene &scene, const SequenceOrder &order, render::Random &random);

/// Both eyes of one head do the same at once: the right one later by N(0, 3 ms), its lid as far times
/// N(1, 0.05). @param left,right  two neighbours of one file of scenes.
std::array<BlinkSequence, 2> playBothEyes(const BlinkScene &left, const BlinkScene &right, const SequenceOrder &order,
                                          render::Random &random);

/// The same photograph for as long, moved a little from frame to frame.
BlinkSequence playPicture(const EyePicture &picture, const SequenceOrder &order, render::Random &random);

/// A stretch of a real eye by chance, with the labels that it has; blinks are preferred.
BlinkSequence playWatched(const WatchedEye &eye, const SequenceOrder &order, render::Random &random);

} // namespace fw::lab
