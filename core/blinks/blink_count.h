// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blinks/blink_evidence.h"
#include "findings/measurement.h"

#include <functional>
#include <optional>
#include <vector>

namespace fw {

/// A frame range that an examiner named, with what he says of it: a mark of the case.
struct ExaminerMark
{
    FrameRange range;
    QString label;
};

/// What an examiner says about one blink that a program counted or missed. It is kept in the case as a
/// mark whose label has a fixed form, so it is stored, audited, undone and reported like any mark:
/// "Blink, face 1" adds one, "No blink, face 1" takes back every one whose apex lies in the range.
/// Moving a blink is both: none where it was, one where it is. "(method 3.0.0)" behind it names the
/// version whose count was corrected.
struct BlinkCorrection
{
    TrackId track{};
    FrameRange range;
    bool isBlink = true;
    QString version; ///< of the method that the examiner saw; empty: it was not noted
};
QString correctionLabel(TrackId track, bool isBlink, const QString &version);
/// nullopt for any other mark.
std::optional<BlinkCorrection> correctionOf(const ExaminerMark &mark);

/// The lid events of one face, as a result keeps them.
std::vector<Event> lidEventsOf(const Measurements &measured, TrackId track);

/// Events after corrections, in order of time. Pure: the same corrections give the same events.
struct CorrectedBlinks
{
    std::vector<Event> events;   ///< what the method found and the examiner did not reject, and what he added
    std::vector<Event> rejected; ///< of the method
    std::vector<Event> added;
    std::vector<BlinkCorrection> idle; ///< rejections of this face that meet no blink of the method
    bool changed() const { return !rejected.empty() || !added.empty(); }
};
CorrectedBlinks correctBlinks(const std::vector<Event> &method, const std::vector<BlinkCorrection> &corrections,
                              TrackId track);

/// Seconds from the first frame to a frame.
using FrameClock = std::function<double(FrameIndex)>;

/// Events in the form that is weighed. Events that an examiner added count as complete blinks.
std::vector<LidEvent> countable(const std::vector<Event> &events, const FrameClock &clock);

/// How well two raters agree beyond chance: Cohen's kappa (1960) over the frames of `frames`, each
/// inside or outside a blink. nullopt when both always say the same one thing.
std::optional<double> blinkAgreement(const std::vector<Event> &a, const std::vector<Event> &b, FrameRange frames);

/// Keeps the basis of a count in a result, and finds it there again.
std::vector<Table> tablesOf(const BlinkBasis &basis, TrackId track);
std::optional<BlinkBasis> basisOf(const Measurements &measured, TrackId track);

/// What becomes of a count when an examiner's corrections are taken over; both counts in words.
struct Recount
{
    CorrectedBlinks blinks;
    BlinkEvidence before, after;
    std::optional<double> agreement; ///< of method and examiner, per frame
    /// Corrections that were made while another version of the method had counted. They hold, since an
    /// examiner speaks of what he saw in the frames, but what he left alone he may not have seen.
    std::vector<BlinkCorrection> otherVersion;
    QStringList lines;               ///< for people
};
/// @param version  of the method that gave `measured`.
/// @return nullopt when nothing was corrected on this face, or the result keeps no basis.
std::optional<Recount> recountBlinks(const Measurements &measured, const std::vector<ExaminerMark> &marks,
                                     TrackId track, const FrameClock &clock, const QString &version);

} // namespace fw
