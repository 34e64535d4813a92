// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "detect/reference_scores.h"
#include "dimple_map.h"

namespace fw {

/// Whether a picture was written by a coder that rounds in one direction, and where its dimples end.
/// Stills only: video coders round to nearest with offsets of their own.
class DimpleDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    Finding claim(const Fold &fold, const DimpleMatch &match, const ImpulseEnergy &energy) const;
    void addTiles(FrameIndex index, const Fold &fold, const DimpleMatch &match);
    Result<void> addMap(FrameIndex index, const cv::Mat &luma, const DimpleMatch &match, Finding *finding);

    ReferenceScores m_reference;
    AnalysisResult m_result;
    std::stop_token m_stop;
    std::optional<std::array<std::uint16_t, 64>> m_table;
    std::optional<QualityEstimate> m_quality;
    DimpleMapSettings m_settings;
    int m_rotation = 0;
    cv::Size m_codedSize;
};

/// The limits of "present" and "absent", set on pictures that our own coder wrote.
struct DimpleLimits
{
    double present = 0.60;       ///< |correlation| at a known phase
    double presentAsSpike = 0.40; ///< enough when the corner stands out of the mean block as well:
    double spikeDeviations = 15.0, spikeEnergy = 25.0;
    double absent = 0.30;
    double presentAnywhere = 0.70; ///< after the search over phases, turns and tables
    double leastDeviations = 8.0;
    double leastEnergy = 16.0;   ///< published statistic, for the search
    int leastBlocks = 256;
    int leastQuality = 40;
};

enum class DimplePresence { Present, Absent, Unclear };
/// @param searched  whether the match is the best of a search over phases.
DimplePresence presenceOf(const DimpleMatch &match, bool searched, const ImpulseEnergy &energy, const DimpleLimits &limits = {});

} // namespace fw
