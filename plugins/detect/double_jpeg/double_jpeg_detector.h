// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "detect/reference_scores.h"
#include "double_jpeg.h"

namespace fw {

/// Traces of an earlier JPEG save, on the file's own block grid and on others, and places whose history is
/// not that of the rest. JPEG stills only; it reads the stored coefficients, never the decoded picture.
class DoubleJpegDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    cv::Rect2f upright(const cv::Rect &cells, cv::Point shift) const;
    void addMap(const QString &id, const QString &title, const QString &about, const EvidenceMap &map, cv::Point shift);
    void addTables(const DoubleJpegReading &reading);
    Finding claimSame(const DoubleJpegReading &reading) const;
    Finding claimOther(const DoubleJpegReading &reading) const;
    void namePlaces(const EvidenceMap &map, cv::Point shift, Finding *finding) const;

    std::shared_ptr<const JpegFile> m_jpeg;
    ReferenceScores m_reference;
    std::stop_token m_stop;
    DoubleJpegLimits m_limits;
    Measurements m_measured;
    int m_rotation = 0;
    cv::Size m_codedSize;
};

} // namespace fw
