// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

namespace fw {

/// Shows which values stand beside each other in a picture, within and between its channels, and says
/// when the tone curve alone shapes them. It does not claim: what was learned of these matrices did not
/// hold on generators that it had not seen.
class PairDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    std::stop_token m_stop;
    AnalysisResult m_result;
};

} // namespace fw
