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

/// Seconds from each frame to the next; one fewer than there are frames.
std::vector<double> clockSteps(const Ledger &ledger);

/// Signs of an earlier encoding, by frame, as far as a method measured them.
struct EarlierEncoding
{
    bool measured = false;
    std::vector<double> peaks;      ///< 0 where nothing stands out
    std::vector<bool> expected;     ///< the rhythm that was found expects a key frame here
    std::vector<FrameRange> breaks; ///< stretches in which that rhythm breaks, ascending
    double most = 0.0;              ///< highest peak
};
EarlierEncoding earlierEncoding(const ClipModel &model);

/// Two stretches of one content, as methods found them.
struct CopiedStretch
{
    FrameRange original, copy;
};
std::vector<CopiedStretch> copiedStretches(const ClipModel &model);

/// Something that a method of video forensics found.
struct HistoryEvent
{
    Event event;
    bool suspicious = false; ///< it lies in the stretch of a suspicious finding of its method
};
std::vector<HistoryEvent> historyEvents(const ClipModel &model);

/// What methods of video forensics claim about the clip's making, strongest first.
struct HistoryClaim
{
    FindingRef finding;
    Verdict verdict = Verdict::Inconclusive;
    double strength = 0.0;
    FrameIndex frame = 0;
    QString title, summary, method;
    QString measured; ///< the number behind it with unit and what it is read against; empty: none
};
std::vector<HistoryClaim> historyClaims(const ClipModel &model);

/// The measured trace of this id, of whatever method gave it; nullptr when none did.
const Trace *traceNamed(const ClipModel &model, const QString &id);

/// As tables to show, to sort and to copy.
Table groupTable(const std::vector<PictureGroup> &groups, const Ledger &ledger);
Table claimTable(const std::vector<HistoryClaim> &claims);

} // namespace fw
