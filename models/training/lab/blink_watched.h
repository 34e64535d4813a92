// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/blink_scene.h"

namespace fw::lab {

/// One eye of a real person over one stretch of a clip, labelled by the lids that the program's eye
/// network places: a self-made label, not a truth.
struct WatchedEye
{
    double rate = 0;              ///< frames/s
    std::vector<cv::Mat> stills;  ///< CV_8UC1 of BlinkScene's size, seen as the eye at the left
    std::vector<float> closure;   ///< 0 open .. 1 closed; not-a-number where the label is unsure
};

/// Cuts the eyes out of the clips (*.mp4) of a folder that the observers have measured (*.fwobs beside
/// them, see behaviour_observe), where the names begin with one of `prefixes`, and appends them to a file.
/// Blinks are those that the lids' openness shows; what moves the lids otherwise is left unsure.
/// @param leaveOut  clips whose name ends in one of these are not read: they measure the result.
Result<void> watchBlinks(const std::filesystem::path &folder, const std::vector<std::string> &prefixes,
                         const std::vector<std::string> &leaveOut, const std::filesystem::path &out);

Result<std::vector<WatchedEye>> readWatchedEyes(const std::filesystem::path &file);

} // namespace fw::lab
