// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "findings/measurement.h"

#include <map>
#include <vector>

namespace fw {

/// The mean direction of both eyes, or of the one that was read; rad in camera axes.
struct GazeAngles
{
    double x = 0.0; ///< positive: towards image right
    double y = 0.0; ///< positive: down
};
std::optional<GazeAngles> gazeAngles(const FaceObservation &face);

/// Collects openness and gaze of each track into traces.
class EyeReport
{
public:
    /// Frames in ascending order.
    void add(FrameIndex frame, const FaceObservations &faces);
    Measurements finish() const;

private:
    struct Series
    {
        std::vector<FrameIndex> frames;
        std::vector<double> openLeft, openRight, gazeX, gazeY;
    };
    std::map<TrackId, Series> m_tracks;
};

} // namespace fw
