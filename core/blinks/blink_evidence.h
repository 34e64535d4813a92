// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blinks/lid_events.h"
#include "stats/distributions.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace fw {

/// How often people blink in one situation, over people: mean and variation of the rate.
/// Sources: Bentivoglio et al. 1997, Doughty 2001 and 2002, Cruz et al. 2011; the presets are ours.
struct BlinkContext
{
    QString name; ///< the option's value
    QString words; ///< "people who speak"
    RatePopulation population;
};
const std::vector<BlinkContext> &blinkContexts();
const BlinkContext &blinkContext(const QString &name); ///< "unknown" when there is no such name

/// Quality of the footage for blink counting; what is missing makes the result inconclusive.
struct BlinkFootage
{
    double usableSeconds = 0.0;      ///< eyes measured, head towards the camera, eyes not shut
    double usableShare = 0.0;        ///< of the frames of the track
    double longestStretchSeconds = 0.0;
    double framesPerSecond = 0.0;
    double repeatedShare = 0.0;      ///< frames that repeat the one before
    double medianEyeWidthPixels = 0.0;
    double turnedAwayShare = 0.0;    ///< |yaw| > 35 or |pitch| > 25 degrees
};

/// How often the same person blinked in a clip that is known to be genuine; 0 s: there is none.
struct BlinkReference
{
    int blinks = 0;
    double seconds = 0.0;
};

/// All that the statistics need besides the blinks themselves. A result keeps it, so that blinks which
/// an examiner corrected can be weighed again without the clip.
struct BlinkBasis
{
    BlinkFootage footage;
    std::vector<std::pair<double, double>> stretches; ///< usable, s [begin, end)
    BlinkContext context;
    CounterQuality counter;
    BlinkReference reference;
    std::uint64_t seed = 0; ///< of the simulation of gaps
};

enum class BlinkRateVerdict { Low, High, Unremarkable, Inconclusive };

struct BlinkEvidence
{
    int blinks = 0, complete = 0, partial = 0;
    double perMinute = 0.0;
    double pLow = 1.0;            ///< chance of so few counted blinks in genuine footage
    double pHigh = 1.0;
    double log10Ratio = 0.0;      ///< suppressed blinking against the population; never below 0
    double neededSeconds = 0.0;   ///< usable time at which no blink at all would reach p = 0.05
    std::optional<double> pReference; ///< chance of so few beside the person's genuine clip
    std::optional<double> longestGapSeconds;
    double longestGapFrom = 0.0; ///< s
    std::optional<double> pGap;   ///< chance of so long a gap at this person's rate
    BlinkRateVerdict verdict = BlinkRateVerdict::Inconclusive;
    QStringList reasons;          ///< why it is inconclusive
};

/// A rate is called low or high at this chance or less in genuine footage.
constexpr double kBlinkAlarm = 0.01;

/// With a reference of the same person that reference decides, by the exact conditional binomial
/// test; without one, the population of the context does.
BlinkEvidence weighBlinks(const std::vector<LidEvent> &events, const BlinkBasis &basis);

/// What is odd about the movements themselves, in words; empty when nothing is. Descriptions, without
/// a chance of their own.
QStringList lidOddities(const std::vector<LidEvent> &events, double framesPerSecond);

/// Usable time (s) until which the absence of every blink has a chance above p.
double secondsUntil(double p, const RatePopulation &population, const CounterQuality &counter);

} // namespace fw
