// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "lattice.h"
#include "prediction_error.h"
#include "sketches.h"
#include "steps.h"

namespace fw {

/// All that was measured on one clip, before it is put into words.
struct DeletionEvidence
{
    QString codec;
    bool macroblocks = false; ///< the codec tells their types at all
    std::int64_t frames = 0, counted = 0; ///< pictures decoded; P pictures with counts
    Footprint print; ///< that `search` was made on
    bool bySizes = false; ///< it is the sizeFootprint
    std::optional<GroupEstimate> group;
    LatticeSearch search;
    std::optional<ErrorRhythm> rhythm;
    std::vector<Discontinuity> discontinuities;
    std::vector<CopiedRun> copies;
    std::size_t compared = 0; ///< frames that took part in the search for copies
};

/// Looks for frames that were taken out, put in or copied before a clip was encoded anew.
class DeletionDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    std::vector<Trace> traces(const DeletionEvidence &evidence) const;

    QString m_codec;
    bool m_macroblocks = false;
    double m_rate = 25.0;
    std::stop_token m_stop;
    std::vector<CodedPicture> m_pictures;
    PredictionError m_errors;
    FrameSketches m_sketches;
    FrameSteps m_steps;
};

/// The evidence in words: one finding on the earlier encoding or one for each break, one for each
/// copied stretch, one on discontinuities.
std::vector<Finding> deletionFindings(const DeletionEvidence &evidence);
std::vector<Event> deletionEvents(const DeletionEvidence &evidence);
/// The numbers behind the findings, and what each codec lets this method see.
std::vector<Table> deletionTables(const DeletionEvidence &evidence);

} // namespace fw
