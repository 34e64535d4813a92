// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/draw.h"

#include <opencv2/core.hpp>

#include <array>
#include <string>
#include <vector>

namespace fw::lab {

/// Pristine pictures from which patches are cut: as the camera made them, and at half size, where its
/// colour filter, its block grid and most of its own processing are gone. CV_8UC3.
struct PatchSource
{
    std::vector<cv::Mat> pictures;
    std::vector<bool> halved; ///< which of them

    /// Reads files and adds a half-size twin of each; those too small for a patch are left out.
    static PatchSource read(const std::vector<std::string> &files);
};

/// What the six binary questions of the method ask of a patch (Bunk et al. 2017).
enum class TraceKind { LowQuality, TurnedClockwise, TurnedBack, Reduced, Enlarged, Sheared };
constexpr int kTraces = 6;
constexpr std::array<const char *, kTraces> kTraceNames{"low quality", "turned clockwise", "turned back",
                                                        "reduced", "enlarged", "sheared"};

/// The history of one patch.
struct PatchHistory
{
    int before = 0;                 ///< JPEG quality ahead of the geometry; 0: none
    bool moved = false;             ///< resampled at all
    double degrees = 0.0;           ///< clockwise positive on the screen
    double shearX = 0.0, shearY = 0.0;
    double logScaleX = 0.0, logScaleY = 0.0;
    double shiftX = 0.0, shiftY = 0.0; ///< px
    int interpolation = 1;          ///< of OpenCV
    double noise = 0.0, blur = 0.0, sharpen = 0.0; ///< after the geometry
    int after = 0;                  ///< JPEG quality of the last save; 0: none
};

/// The published histories for one question, but for the last save, which follows one law for both answers.
/// @param positive  whether the patch has the trace.
PatchHistory drawForTrace(Draw &draw, TraceKind trace, bool positive);

/// Histories for "was it resampled at all", with the same law of saves and processing for both answers.
/// @param lowestQuality  of the last save.
PatchHistory drawForResampled(Draw &draw, bool resampled, int lowestQuality = 70);

/// A patch of a random place with the given history, CV_8UC3, `side` px.
cv::Mat patchOf(Draw &draw, const PatchSource &source, const PatchHistory &history, int side = 64);

} // namespace fw::lab
