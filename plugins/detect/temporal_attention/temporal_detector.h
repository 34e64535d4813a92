// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "temporal_scores.h"

#include <map>

namespace fw {

/// Shows where the motion of a face looks to a network like that of manipulated faces. Never decides:
/// see the limits in the manifest.
class TemporalDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void show(TrackId id, const std::vector<BehaviourRow> &rows, const std::vector<TemporalScore> &scores, Measurements &out) const;
    Finding findingOf(TrackId id, const std::vector<BehaviourRow> &rows, const std::vector<TemporalScore> &scores) const;

    JobContext m_job;
    Camera m_camera;
    std::unique_ptr<Network> m_network;
    std::map<TrackId, std::vector<BehaviourRow>> m_tracks;
};

} // namespace fw
