// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/reference_scores.h"

#include <algorithm>

using namespace Qt::StringLiterals;

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

Result<AnalysisResult> stillResult(AnalysisResult result, const ReferenceScores &reference)
{
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no picture could be decoded"_s);
    reference.addTo(&result);
    return result;
}

} // namespace fw
