// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/reference_scores.h"

#include <algorithm>

namespace fw {

Result<void> ReferenceScores::begin(const ClipFacts &clip, const JobContext &job)
{
    auto reference = ScoreReference::ofModels(job.modelPaths, job.modelHashes);
    if (!reference)
        return Failure{reference.error()};
    m_reference = std::move(reference).value();
    m_picture.longerSide = std::max(clip.width, clip.height);
    if (clip.jpeg) {
        if (const auto quality = clip.jpeg->lumaQuality())
            m_picture.quality = quality->quality;
    }
    return {};
}

} // namespace fw
