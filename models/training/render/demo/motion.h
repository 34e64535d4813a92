// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/renderer.h"

#include <cstdint>
#include <vector>

namespace fw::render {

/// One blink, seconds from the start.
struct Blink
{
    double onset = 0, apex = 0, end = 0;
};

/// What a talking head does over time; one shot for each frame, without background and light.
struct Performance
{
    std::vector<Shot> shots;
    std::vector<Shot> unblinking; ///< the same with the eyes never closed
    std::vector<Blink> blinks;
    std::vector<double> yaw; ///< radians, for each frame
};

struct PerformanceOptions
{
    int frames = 300;
    double framesPerSecond = 25;
    cv::Size size{960, 540};
    double blinkEverySeconds = 2.0;
    std::uint64_t seed = 1;
};

/// Invents a performance: head turns within +-25 degrees of yaw, phrases of speech, brows, glances
/// with the lids that go with them, blinks. Depends on the options alone.
Performance perform(const FaceKit &kit, const PerformanceOptions &options);

} // namespace fw::render
