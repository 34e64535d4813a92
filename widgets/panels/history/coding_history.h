// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <vector>

namespace fw {

/// From one key frame to the next.
struct PictureGroup
{
    FrameRange frames;
    std::int64_t bytes = 0;
    int intra = 0, predicted = 0, bidirectional = 0;
    std::optional<double> quantiser; ///< mean over its frames
};
std::vector<PictureGroup> pictureGroups(const Ledger &ledger, const Trace *quantiser);

/// A stretch of the container's clock that an edit list shows.
struct EditSegment
{
    double begin = 0.0, end = 0.0; ///< seconds of the clip
    QString label;
};
std::vector<EditSegment> editSegments(const MediaFacts &facts);

/// Frames after which the clock stands still for more than 1.5 times the usual step.
std::vector<FrameIndex> clockGaps(const Ledger &ledger);

/// What methods of video forensics claim about the clip's making, strongest first.
struct HistoryClaim
{
    FindingRef finding;
    Verdict verdict = Verdict::Inconclusive;
    double strength = 0.0;
    FrameIndex frame = 0;
    QString title, summary, method;
};
std::vector<HistoryClaim> historyClaims(const ClipModel &model);

/// The measured trace of this id, of whatever method gave it; nullptr when none did.
const Trace *traceNamed(const ClipModel &model, const QString &id);

/// As tables to show, to sort and to copy.
Table groupTable(const std::vector<PictureGroup> &groups, const Ledger &ledger);
Table claimTable(const std::vector<HistoryClaim> &claims);

} // namespace fw
