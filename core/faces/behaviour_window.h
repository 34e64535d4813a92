// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/behaviour_row.h"

#include <vector>

namespace fw {

constexpr int kWindowFrames = 32;    ///< 1.28 s
constexpr double kWindowRate = 25.0; ///< frames/s to which rows are brought
constexpr int kWindowStride = 8;     ///< frames from window to window
/// Values of one frame: 102 coordinates of landmarks 17..67 on the head, 6 of motion of the head, 4 of
/// gaze, openness of both eyes, 17 action units, gap and width of the lips, and whether it was measured.
constexpr int kFrameValues = 134;
constexpr int kMostInterpolated = 3; ///< frames of a window that may be missing

/// A stretch of 1.28 s of one face, as a network sees it: kWindowFrames x kFrameValues, row-major.
/// Coordinates and gaze less their mean over the window, so that who it is and where does not matter.
struct MotionWindow
{
    std::size_t firstRow = 0, lastRow = 0; ///< rows between which it lies
    std::vector<float> values;
};

/// Rows brought to kWindowRate by linear interpolation between neighbouring rows in time; a row without
/// the face leaves its surroundings missing. `origin` receives the nearest row of each.
std::vector<BehaviourRow> resampledRows(const std::vector<BehaviourRow> &rows, std::vector<std::size_t> *origin);

/// The window of resampled rows that starts at `begin`; nullopt when more than kMostInterpolated of its
/// frames are missing. Missing frames repeat their neighbour and are marked as not measured.
std::optional<std::vector<float>> windowValues(const std::vector<BehaviourRow> &resampled, std::size_t begin);

/// All windows at kWindowStride.
std::vector<MotionWindow> motionWindows(const std::vector<BehaviourRow> &rows);

} // namespace fw
