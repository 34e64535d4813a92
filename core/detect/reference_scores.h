// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "findings/score_reference.h"

namespace fw {

/// Lets a detector of stills say beside each score where it lies among authentic photographs: begin it with
/// the clip, then let it add to the result. Its manifest lists the file as the model "reference".
class ReferenceScores
{
public:
    /// Errors of ScoreReference::load; without the model it adds nothing.
    Result<void> begin(const ClipFacts &clip, const JobContext &job);
    void addTo(AnalysisResult *result) const { m_reference.addTo(&result->findings, m_picture); }

private:
    ScoreReference m_reference;
    ReferencePicture m_picture;
};

/// The end of a detector that judges one picture as soon as it comes: the result with its reference scores, or
/// Errc::NotApplicable when no picture came.
Result<AnalysisResult> stillResult(AnalysisResult result, const ReferenceScores &reference = {});

} // namespace fw
