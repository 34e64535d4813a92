// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "face_gallery.h"
#include "faces/face.h"
#include "findings/measurement.h"
#include "scene_watch.h"

#include <map>
#include <vector>

namespace fw {

/// Collects what was observed frame by frame into traces, a table of tracks and scene cuts.
class FaceReport
{
public:
    /// Frames in ascending order.
    void add(FrameIndex frame, const FaceObservations &faces, const SceneWatch::Change &change);
    /// @param comeBack  faces that look like one of before a cut.
    Measurements finish(const std::vector<FaceGallery::Resemblance> &comeBack = {}) const;

private:
    struct Series
    {
        std::vector<FrameIndex> frames; ///< from the first to the last frame with this face
        std::vector<double> earLeft, earRight, pitch, yaw, roll, confidence, eyeDistance;
        std::size_t lastSeen = 0; ///< position in frames
        int seen = 0;
        double widthSum = 0.0, confidenceSum = 0.0;

        void add(FrameIndex frame, const FaceObservation *face);
    };
    void addTraces(TrackId id, const Series &series, Measurements &to) const;

    std::map<TrackId, Series> m_tracks;
    std::vector<Event> m_cuts;
};

} // namespace fw
