// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cfa_map.h"
#include "detect/analysis.h"
#include "detect/reference_scores.h"
#include "photo/evidence_map.h"

namespace fw {

/// Limits set on camera-natural's fitting cameras.
struct CfaLimits
{
    double leastMedian = 0.10; ///< of the log ratios: below this a picture keeps no pattern to lose
    double clearMedian = 0.6;  ///< below this, as after a JPEG save, places are shown but nothing is concluded
    int leastQuality = 90;     ///< of the file's JPEG save; below it the pattern does not survive
    EvidenceSettings places{3, 4.0, 0.5, 3.0, 36, 80.0};
};

/// Where the pattern of a colour filter array is missing. Stills only: it needs nearly raw quality.
class CfaDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void addMaps(const CfaFeatures &features, const EvidenceMap &evidence);
    void addTable(const CfaFeatures &features, const CfaMixture &mixture);
    Finding claim(const CfaFeatures &features, const EvidenceMap &evidence) const;
    cv::Rect2f upright(const cv::Rect &cells) const;

    ReferenceScores m_reference;
    AnalysisResult m_result;
    std::stop_token m_stop;
    CfaLimits m_limits;
    std::optional<QualityEstimate> m_quality;
    FrameIndex m_index = 0;
    int m_rotation = 0;
    cv::Size m_codedSize;
};

} // namespace fw
