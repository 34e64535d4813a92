// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "findings/measurement.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace fw {

/// The only four things a detector may conclude. None of them says "fake" or "authentic".
enum class Verdict {
    Suspicious,    ///< the evidence supports manipulation
    Consistent,    ///< looked, and found nothing that speaks against authenticity
    Inconclusive,  ///< looked, and cannot say
    NotApplicable, ///< could not look; the reason is in the summary
};

enum class ScoreScale { LikelihoodRatio, Log10LikelihoodRatio, Probability, PValue, Raw };

/// A number behind a verdict, never shown without its scale and its reference.
struct Score
{
    double value = 0.0;
    ScoreScale scale = ScoreScale::Raw;
    QString name;      ///< "median angle between the two poses"
    QString unit;
    QString reference; ///< "95 % of authentic clips of this face size are below 7.3 degrees"
    std::optional<double> low, high; ///< 95 % interval
};

/// One claim of one detector about one place. Self-contained: reports need nothing else but the run.
struct Finding
{
    QString id;           ///< unique within its run, "blink.face-0"
    Verdict verdict = Verdict::Inconclusive;
    QString title;        ///< "Blink rate, face 1"
    QString summary;      ///< one or two sentences with the numbers
    std::optional<double> strength; ///< 0..1 for sorting within a verdict
    std::optional<Score> score;
    QStringList supports; ///< what speaks for manipulation
    QStringList against;  ///< what speaks against it, or what else could cause it
    QStringList limits;   ///< what the method cannot see here
    std::optional<FrameRange> range;
    std::optional<TrackId> track;
    std::optional<cv::Rect2f> region;
    std::optional<FrameIndex> keyFrame; ///< the frame to show in a report
};

/// What one analysis hands over at its end.
struct AnalysisResult
{
    std::vector<Finding> findings; ///< empty for observers
    Measurements measured;
};

/// Stable lower-case words ("suspicious", "not-applicable") and their inverses.
QString verdictName(Verdict verdict);
std::optional<Verdict> verdictFromName(const QString &name);
/// For people: "Suspicious", and the letter shown beside the colour: S, C, I, N.
QString verdictTitle(Verdict verdict);
QChar verdictLetter(Verdict verdict);
/// One sentence that says what the word means and what it does not mean.
QString verdictMeaning(Verdict verdict);
/// The order in which people read verdicts: 0 needs attention first, 3 could not be used.
int attentionRank(Verdict verdict);
QString scaleName(ScoreScale scale);
std::optional<ScoreScale> scaleFromName(const QString &name);

} // namespace fw
