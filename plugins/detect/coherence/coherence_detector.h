// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "coherence_reference.h"
#include "coherence_statistics.h"
#include "coherence_verdict.h"
#include "detect/analysis.h"

#include <map>

namespace fw {

/// Looks for properties of one face that contradict each other.
class CoherenceDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    Finding findingOf(TrackId id, const CoherenceTrack &track, const CoherenceResult &measured, const CoherenceVerdict &verdict,
                      const CoherenceFootage &footage) const;

    JobContext m_job;
    Camera m_camera;
    double m_bitsPerPixel = 0.0; ///< of one picture; 0: unknown
    double m_rate = 0.0;
    CoherenceReference m_reference;
    std::map<TrackId, std::vector<BehaviourRow>> m_tracks;
};

/// Rows of one face with a row for every frame between, at the measured rate.
CoherenceTrack coherenceTrack(const std::vector<BehaviourRow> &rows);

} // namespace fw
