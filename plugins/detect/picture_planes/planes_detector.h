// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "planes.h"

namespace fw {

/// Shows a picture's parts one by one. A viewer: it gives no findings.
class PlanesDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void addHistogram(FrameIndex index, const cv::Mat &bgr);

    AnalysisResult m_result;
    std::stop_token m_stop;
    PlaneKind m_kind = PlaneKind::Channels;
    int m_bit = 0;
};

} // namespace fw
