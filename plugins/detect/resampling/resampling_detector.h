// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "detect/reference_scores.h"
#include "resampling_map.h"
#include "resampling_report.h"

namespace fw {

/// Where a picture was enlarged, reduced or turned unlike its surroundings, and whether all of it was.
/// Stills only.
class ResamplingDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    std::stop_token m_stop;
    std::optional<int> m_quality; ///< of the last save; nothing: no JPEG
    ResamplingNetworks m_networks;
    ReferenceScores m_reference;
    AnalysisResult m_result;
};

} // namespace fw
