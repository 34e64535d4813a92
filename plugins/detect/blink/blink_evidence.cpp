// SPDX-License-Identifier: GPL-3.0-or-later
#include "blink_evidence.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kSimulations = 20000;
constexpr double kDeadTimeSeconds = 0.2;
constexpr double kIntervalVariation = 0.9;
const RatePopulation kSuppressed{2.0, 1.0}; ///< the alternative: a generator that hardly blinks

struct Gap
{
    double seconds = 0.0;
    double observed = 0.0; ///< length of the stretch it lies in
};

/// The longest time without a blink inside one stretch.
Gap longestGap(const std::vector<LidEvent> &events, const std::vector<std::pair<double, double>> &stretches)
{
    Gap longest;
    for (const auto &[begin, end] : stretches) {
        double last = begin;
        const auto close = [&](double at) {
            if (at - last > longest.seconds)
                longest = {at - last, end - begin};
            last = at;
        };
        for (const LidEvent &e : events) {
            const bool blink = e.kind == LidEventKind::Blink || e.kind == LidEventKind::Prolonged;
            if (blink && e.apexSeconds >= begin && e.apexSeconds < end)
                close(e.apexSeconds);
        }
        close(end);
    }
    return longest;
}

/// Share of simulated people with this rate whose longest gap in `observed` seconds is at least `gap`.
/// Intervals are log-normal after a dead time, the rate is drawn from its posterior.
double gapChance(double gap, double observed, int blinks, double minutes, const RatePopulation &population, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const double shape = 1.0 / (population.variation * population.variation);
    const double scaleInverse = shape / population.meanPerMinute;
    std::gamma_distribution<double> rate(shape + blinks, 1.0 / (scaleInverse + minutes));
    const double sigma = std::sqrt(std::log1p(kIntervalVariation * kIntervalVariation));
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform;
    int longer = 0;
    for (int i = 0; i < kSimulations; ++i) {
        const double mean = std::max(60.0 / std::max(rate(random), 1e-6) - kDeadTimeSeconds, 0.05);
        const double mu = std::log(mean) - 0.5 * sigma * sigma;
        double longest = 0.0;
        double at = -uniform(random) * mean; // the stretch starts anywhere between two blinks
        for (double last = 0.0; last < observed;) {
            at += kDeadTimeSeconds + std::exp(mu + sigma * normal(random));
            if (at < 0.0)
                continue;
            longest = std::max(longest, std::min(at, observed) - last);
            last = at;
        }
        longer += longest >= gap ? 1 : 0;
    }
    return double(longer) / kSimulations;
}

QString number(double value, int digits = 0)
{
    return QString::number(value, 'f', digits);
}

QStringList shortcomings(const BlinkFootage &footage, double neededSeconds)
{
    QStringList reasons;
    if (footage.usableSeconds < neededSeconds) {
        reasons << u"only %1 s of usable eyes; at least %2 s are needed before even the absence of every "
                   "blink would be unusual"_s.arg(number(footage.usableSeconds, 1), number(std::ceil(neededSeconds)));
    }
    if (footage.framesPerSecond < 12.0)
        reasons << u"%1 frames/s; blinks need 12 or more"_s.arg(number(footage.framesPerSecond, 1));
    if (footage.repeatedShare > 0.2)
        reasons << u"%1 % of the frames repeat the one before"_s.arg(number(100.0 * footage.repeatedShare));
    if (footage.medianEyeWidthPixels < 14.0)
        reasons << u"the eyes are %1 px wide; 14 px are needed"_s.arg(number(footage.medianEyeWidthPixels));
    if (footage.turnedAwayShare > 0.5)
        reasons << u"the head is turned away in %1 % of the frames"_s.arg(number(100.0 * footage.turnedAwayShare));
    if (footage.usableShare < 0.6)
        reasons << u"the eyes could be measured in only %1 % of the frames"_s.arg(number(100.0 * footage.usableShare));
    if (footage.longestStretchSeconds <= 5.0)
        reasons << u"no stretch without a cut or a loss is longer than 5 s"_s;
    return reasons;
}

} // namespace

const std::vector<BlinkContext> &blinkContexts()
{
    static const std::vector<BlinkContext> contexts{
        {u"unknown"_s, u"people in an unknown situation"_s, {15.0, 0.75}},
        {u"conversation"_s, u"people who speak"_s, {20.0, 0.55}},
        {u"silent"_s, u"people who look ahead in silence"_s, {14.5, 0.50}},
        {u"reading"_s, u"people who read"_s, {6.0, 0.70}},
    };
    return contexts;
}

const BlinkContext &blinkContext(const QString &name)
{
    for (const BlinkContext &context : blinkContexts()) {
        if (context.name == name)
            return context;
    }
    return blinkContexts().front();
}

double secondsUntil(double p, const RatePopulation &population, const CounterQuality &counter)
{
    double low = 0.0, high = 3600.0;
    for (int i = 0; i < 60; ++i) {
        const double middle = 0.5 * (low + high);
        (MixedCount(population, middle / 60.0, counter).pmf(0) > p ? low : high) = middle;
    }
    return high;
}

BlinkEvidence weighBlinks(const std::vector<LidEvent> &events, const BlinkFootage &footage,
                          const std::vector<std::pair<double, double>> &stretches, const BlinkContext &context,
                          const CounterQuality &counter, std::uint64_t seed)
{
    BlinkEvidence evidence;
    for (const LidEvent &e : events) {
        if (e.kind != LidEventKind::Blink && e.kind != LidEventKind::Prolonged)
            continue;
        ++evidence.blinks;
        // Observers who made the reference rates counted both; half of all blinks are partial.
        ++(e.complete ? evidence.complete : evidence.partial);
    }
    const double minutes = footage.usableSeconds / 60.0;
    evidence.neededSeconds = secondsUntil(0.05, context.population, counter);
    evidence.reasons = shortcomings(footage, evidence.neededSeconds);
    if (minutes <= 0.0)
        return evidence;
    evidence.perMinute = evidence.blinks / minutes;
    const MixedCount genuine(context.population, minutes, counter);
    const MixedCount suppressed(kSuppressed, minutes, counter);
    evidence.pLow = genuine.cdf(evidence.blinks);
    evidence.pHigh = genuine.tail(evidence.blinks);
    const double ratio = suppressed.pmf(evidence.blinks) / std::max(genuine.pmf(evidence.blinks), 1e-300);
    evidence.log10Ratio = std::max(0.0, std::log10(std::max(ratio, 1e-300))); // a normal rate proves nothing
    if (const Gap gap = longestGap(events, stretches); gap.observed > 5.0) {
        evidence.longestGapSeconds = gap.seconds;
        evidence.pGap = gapChance(gap.seconds, gap.observed, evidence.blinks, minutes, context.population, seed);
    }
    if (!evidence.reasons.isEmpty())
        evidence.verdict = BlinkRateVerdict::Inconclusive;
    else if (evidence.pLow <= kBlinkAlarm)
        evidence.verdict = BlinkRateVerdict::Low;
    else if (evidence.pHigh <= kBlinkAlarm)
        evidence.verdict = BlinkRateVerdict::High;
    else
        evidence.verdict = BlinkRateVerdict::Unremarkable;
    return evidence;
}

} // namespace fw
