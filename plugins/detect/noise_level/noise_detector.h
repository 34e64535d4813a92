// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

namespace fw {

/// Shows how noisy each place of a picture is. A viewer: it never claims.
class NoiseDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    AnalysisResult m_result;
    Table m_table;
    std::stop_token m_stop;
};

} // namespace fw
