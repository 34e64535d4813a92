// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "thumbnail_comparison.h"

#include <optional>

namespace fw {

/// Whether the thumbnail that a camera embedded still shows what the picture shows. Stills only.
class ThumbnailDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    void addMap(FrameIndex index, const ThumbnailComparison &comparison);
    void addTable(const ThumbnailComparison &comparison);
    Finding claim(const ThumbnailComparison &comparison) const;
    void sayNothingFits(Finding &finding, const ThumbnailComparison &comparison) const;
    /// A place of the compared part, in pixels of the upright picture.
    cv::Rect2f inPicture(const cv::Rect &place, cv::Size part) const;

    AnalysisResult m_result;
    std::stop_token m_stop;
    QByteArray m_bytes;
    std::optional<QualityEstimate> m_quality, m_pictureQuality;
    int m_rotation = 0;
    std::optional<cv::Size> m_declaredSize; ///< of the picture when its EXIF was written
    cv::Size m_codedSize;
    bool m_turned = false; ///< the thumbnail was stored upright, unlike the picture
};

} // namespace fw
