// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blink_trace.h"
#include "detect/analysis.h"

#include <map>

namespace fw {

struct BlinkEvidence;
struct BlinkFootage;

/// Counts blinks of each face in its eye aspect ratio and weighs their number against what people
/// do. After Li, Chang and Lyu, WIFS 2018 (arXiv 1806.02877), without their network.
class BlinkDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    struct Track
    {
        std::vector<EyeSample> samples; ///< eye aspect ratios
        std::vector<EyeSample> opennesses; ///< the same frames, from the eye network
        std::vector<double> eyeWidths;
        int turnedAway = 0;
    };
    struct Weighed;

    void weigh(TrackId id, const Track &track, const Ledger &ledger, AnalysisResult &result) const;
    Finding findingOf(TrackId id, const Track &track, const Weighed &weighed) const;

    ClipFacts m_clip;
    JobContext m_job;
    std::map<TrackId, Track> m_tracks;
};

} // namespace fw
