// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "copied_region.h"
#include "detect/analysis.h"
#include "detect/reference_scores.h"

namespace fw {

/// Both searches and the comparison on one picture. @param bgr  CV_8UC3, any orientation.
/// Regions of the same picture first, then like structures; each place once.
/// Errc::NotApplicable below 64 px, Errc::Cancelled.
Result<std::vector<CopiedRegion>> copiedRegions(const cv::Mat &bgr, std::uint64_t seed, std::stop_token stop);

/// Places of a picture that stand in it twice. Stills only.
class CopyMoveDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    Finding claim(const std::vector<CopiedRegion> &regions, FrameIndex index) const;
    void show(const std::vector<CopiedRegion> &regions, cv::Size size, FrameIndex index);

    ReferenceScores m_reference;
    AnalysisResult m_result;
    CopyLimits m_limits;
    std::stop_token m_stop;
    std::uint64_t m_seed = 0;
};

} // namespace fw
