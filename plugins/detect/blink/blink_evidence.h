// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "blink_trace.h"
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

enum class BlinkRateVerdict { Low, High, Unremarkable, Inconclusive };

struct BlinkEvidence
{
    int blinks = 0, complete = 0, partial = 0;
    double perMinute = 0.0;
    double pLow = 1.0;            ///< chance of so few counted blinks in genuine footage
    double pHigh = 1.0;
    double log10Ratio = 0.0;      ///< suppressed blinking against the population; never below 0
    double neededSeconds = 0.0;   ///< usable time at which no blink at all would reach p = 0.05
    std::optional<double> longestGapSeconds;
    std::optional<double> pGap;   ///< chance of so long a gap at this person's rate
    BlinkRateVerdict verdict = BlinkRateVerdict::Inconclusive;
    QStringList reasons;          ///< why it is inconclusive
};

/// A rate is called low or high at this chance or less in genuine footage.
constexpr double kBlinkAlarm = 0.01;

/// @param stretches  usable stretches of the track, in seconds [begin, end).
/// @param seed       of the simulation of gaps.
BlinkEvidence weighBlinks(const std::vector<LidEvent> &events, const BlinkFootage &footage,
                          const std::vector<std::pair<double, double>> &stretches, const BlinkContext &context,
                          const CounterQuality &counter, std::uint64_t seed);

/// Usable time (s) until which the absence of every blink has a chance above p.
double secondsUntil(double p, const RatePopulation &population, const CounterQuality &counter);

} // namespace fw
