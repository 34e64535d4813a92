// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "faces/face_likeness.h"

#include <map>
#include <optional>

namespace fw {

/// Every few frames: who a face looks like, whether both eyes mirror the same lights, and how the face, its surroundings
/// and the inside of its mouth moved since the frame before.
class AppearanceObserver : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    std::optional<FaceLikeness> m_likeness;
    int m_every = 5;
    /// The frame before one that is looked at.
    FrameIndex m_lastIndex = -1;
    cv::Mat m_last; ///< CV_8UC1
    std::map<TrackId, Landmarks68> m_lastPoints;

    struct Seen
    {
        FrameIndex first = 0, last = 0;
        int looks = 0, seams = 0, highlights = 0, mouths = 0;
    };
    std::map<TrackId, Seen> m_seen;
};

} // namespace fw
