// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"

namespace fw {

/// Shows error levels of a still or of sampled frames. Never claims anything: it gives no findings.
class ElaDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    bool m_still = false;
    int m_rotation = 0;
    int m_quality = 90;
    double m_gain = 20.0;
    std::stop_token m_stop;
    AnalysisResult m_result;
    Table m_table;
};

} // namespace fw
