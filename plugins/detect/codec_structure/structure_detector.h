// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "frames/scene_steps.h"
#include "duplicates.h"
#include "groups.h"
#include "oddity.h"
#include "timing.h"

namespace fw {

/// Reads the structure of a video: clock, groups of pictures, repeated stretches, container facts.
class StructureDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    MediaFacts m_media;
    std::shared_ptr<const Metadata> m_metadata;
    std::stop_token m_stop;
    SceneSteps m_scene;
};

/// What was measured on one stream, before it is put into words.
struct Structure
{
    Timing timing;
    Groups groups;
    Duplicates duplicates;
    std::vector<Oddity> oddities; ///< strongest first, then by frame
};

/// All checks at once. Any thread.
Structure measureStructure(const MediaFacts &media, const Metadata &metadata, const Ledger &ledger,
                           const SceneSteps &scene);

} // namespace fw
