// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "detect/reference_scores.h"
#include "grid_regions.h"

namespace fw {

/// Everything that the votes of one picture say.
struct GridReading
{
    MainGrid main;
    std::vector<GridRegion> foreign; ///< places on another grid
    cv::Mat votes, foreignMask;      ///< CV_8UC1
};

/// @param bgr  CV_8UC3 in the orientation in which it was coded. Errc::NotApplicable, Errc::Cancelled.
Result<GridReading> readGrid(const cv::Mat &bgr, std::stop_token stop);

/// The origin of a picture's JPEG block grid, and places whose grid is another. Stills only.
class GridDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    Finding claim(const GridReading &reading) const;
    void addMap(FrameIndex index, const GridReading &reading);
    void addTable(const GridReading &reading);

    ReferenceScores m_reference;
    AnalysisResult m_result;
    std::stop_token m_stop;
    bool m_isJpeg = false;
    int m_rotation = 0;
    cv::Size m_codedSize;
};

} // namespace fw
