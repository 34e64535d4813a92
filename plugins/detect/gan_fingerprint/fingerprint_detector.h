// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "photo/source_comparison.h"

namespace fw {

/// Compares a picture with the fingerprints that the user has enrolled, of cameras and of generators, and
/// says which it is compatible with, or with none of these. Where it carries a camera's noise, a map
/// shows places that do not.
class FingerprintDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void addTable(FrameIndex index, const std::vector<SourceComparison> &all, const QStringList &unread);
    Finding noneOfThese(const std::vector<SourceComparison> &all, int comparable) const;
    Finding generatorFinding(const SourceComparison &match, const FingerprintFile &source) const;
    Result<Finding> cameraFinding(FrameIndex index, const cv::Mat &coded, const SourceComparison &match,
                                  const FingerprintFile &source, const cv::Mat &noise);

    std::map<QString, QString> m_files; ///< name -> path
    std::stop_token m_stop;
    int m_rotation = 0;
    AnalysisResult m_result;
};

} // namespace fw
