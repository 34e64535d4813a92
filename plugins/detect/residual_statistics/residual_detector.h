// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "detect/reference_scores.h"

namespace fw {

/// Where the joint statistics of neighbouring residuals are unlike those of most of a picture. Stills only.
class ResidualDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    std::stop_token m_stop;
    ReferenceScores m_reference;
    AnalysisResult m_result;
};

} // namespace fw
