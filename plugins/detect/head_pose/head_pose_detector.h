// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "pose_difference.h"

#include <map>

namespace fw {

/// Compares the head's direction as its whole face says with that of its centre, frame by frame.
class HeadPoseDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    struct Sample
    {
        FrameIndex frame = 0;
        double seconds = 0.0;
        Landmarks68 points;
        std::optional<PosePair> poses; ///< nullopt: no pose could be found
        double eyeCorners = 0.0;       ///< px
        bool usable = false;           ///< within the limits of size, turn and fit
    };
    struct Judged;

    Judged judge(const std::vector<Sample> &samples) const;
    void measure(TrackId id, const std::vector<Sample> &samples, Judged &judged, Measurements &out) const;
    Finding findingOf(TrackId id, const std::vector<Sample> &samples, const Judged &judged) const;

    Camera m_camera;
    JobContext m_job;
    std::map<TrackId, std::vector<Sample>> m_tracks;
};

} // namespace fw
