// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "spectrum_reading.h"
#include "spectrum_scale.h"

namespace fw {

/// Whether the spectrum of a picture shows the places that decoders of generating networks leave when they
/// double their samples. Stills only: video coding was not measured.
class SpectrumDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void addSpectra(FrameIndex index, const SpectrumReading &reading, const cv::Mat &bgr);
    void addTables(const SpectrumReading &reading);
    Result<void> addTileMap(FrameIndex index, const cv::Mat &bgr);
    Finding claim(const SpectrumReading &reading) const;

    std::stop_token m_stop;
    std::uint64_t m_seed = 0;
    int m_quality = 101; ///< of the last save; 101: no JPEG
    SpectrumScale m_scale;
    AnalysisResult m_result;
};

} // namespace fw
