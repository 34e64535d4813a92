// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "local_anomaly.h"

namespace fw {

/// Draws where the micro-texture of a picture, or of some frames of a clip, differs from the rest of it.
/// It points to places to look at and does not claim: texture alone does the same.
class RichDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void addMap(FrameIndex index, const AnomalyMap &map);
    void addResidual(FrameIndex index, const cv::Mat &luma);
    Finding findingOf(FrameIndex index, const AnomalyMap &map) const;

    AnalysisResult m_result;
    Table m_table;
    std::stop_token m_stop;
    AnomalySettings m_settings;
    bool m_still = false;
    std::optional<Finding> m_finding; ///< of the frame with the greatest share outside
    double m_greatest = -1.0;
    int m_looked = 0;
    QString m_reason; ///< why a frame could not be looked at
};

} // namespace fw
