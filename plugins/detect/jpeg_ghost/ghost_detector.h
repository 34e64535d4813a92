// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "detect/reference_scores.h"
#include "ghost_score.h"

namespace fw {

/// JPEG ghosts of stills, with a verdict, and of sampled video frames, as pictures only: no study
/// says what ghosts mean after a video codec.
class GhostDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    /// What one block grid told of one picture.
    struct Look
    {
        GhostStack stack;
        std::vector<GhostRegion> regions; ///< strongest first
    };
    Result<Look> look(const cv::Mat &coded, cv::Point shift) const;
    void addMaps(FrameIndex index, const Look &best, cv::Size codedSize);
    void addMap(FrameIndex index, const Look &from, int k, bool depth, cv::Size codedSize);
    void addCurve(FrameIndex index, const Look &own);
    Finding claim(const FrameBundle &bundle, const Look &own, const Look &best,
                  cv::Size codedSize) const;
    Finding viewOnly() const;

    bool m_still = false;
    bool m_allGrids = false;
    int m_rotation = 0;
    std::optional<QualityEstimate> m_fileQuality; ///< JPEG stills only
    int m_highest = 95;                           ///< no ghost is looked for above this quality
    GhostLimits m_limits;
    std::stop_token m_stop;
    ReferenceScores m_reference;
    AnalysisResult m_result;
    std::vector<FrameIndex> m_seen;
};

} // namespace fw
