// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blink_report.h"
#include "detect/analysis.h"

#include <map>

namespace fw {

/// Counts blinks of each face and weighs their number against what people do. After Li, Chang and Lyu,
/// WIFS 2018 (arXiv 1806.02877), with the openness that the eye network reads in place of theirs, and
/// the eye aspect ratio beside it.
class BlinkDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    JobContext m_job;
    std::map<TrackId, EyeTrack> m_tracks;
};

} // namespace fw
