// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blink_report.h"
#include "detect/analysis.h"
#include "lid_network.h"

#include <map>

namespace fw {

/// Counts blinks of each face and weighs their number against what people do. After Li, Chang and Lyu,
/// WIFS 2018 (arXiv 1806.02877). Counted is in the openness that the eye network reads; a network of
/// their kind (convolutions, LSTM, dense layers) and the eye aspect ratio are shown beside it.
class BlinkDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    struct Seen
    {
        const FaceObservation *face;
        bool away; ///< turned too far
    };
    Result<void> followLids(const FrameBundle &bundle, const std::vector<Seen> &seen);

    JobContext m_job;
    std::unique_ptr<LidNetwork> m_network; ///< null where the host gives no models
    std::map<TrackId, EyeTrack> m_tracks;
};

} // namespace fw
