// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_profile.h"
#include "detect/analysis.h"

#include <map>

namespace fw {

/// Judges each face of a clip by the habits of one enrolled person. After Agarwal et al., CVPR
/// Workshops 2019; which clips may be judged, the p-value by rank and the ratio are our own.
class PersonDetector final : public Detector
{
public:
    /// Errc::NotApplicable when nobody is enrolled, or with other observers than those of this run.
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    JobContext m_job;
    PersonProfile m_profile;
    std::map<TrackId, std::vector<BehaviourSample>> m_tracks;
};

} // namespace fw
