// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/alignment.h"
#include "render/noise.h"

#include <opencv2/core.hpp>

namespace fw::lab {

/// How far a part may be moved away from where it belongs.
struct Jitter
{
    double turn = 0.15;  ///< rad, one standard deviation
    double scale = 0.08; ///< of the logarithm
    double shift = 0.04; ///< of the part's width
};

/// `toCrop` disturbed by chance.
Similarity disturbed(const Similarity &toCrop, cv::Size size, const Jitter &jitter,
                     render::Random &random);

/// What lenses, sensors, light and encoders do to a grey part, by chance: brightness and gamma,
/// uneven light, blur, small size, noise, JPEG; now and then something lies over it.
/// @param cover  chance of an occluder, 0..1.
void weather(cv::Mat &part, double cover, render::Random &random);

} // namespace fw::lab
