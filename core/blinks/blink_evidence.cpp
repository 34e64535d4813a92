// SPDX-License-Identifier: GPL-3.0-or-later
#include "blinks/blink_evidence.h"

#include "stats/quantile.h"

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

constexpr double kLeastRecall = 0.85; ///< below it a low count says more about the counter
constexpr double kLateLid = 0.08;    ///< s between the eyes
constexpr double kQuickBlink = 0.06; ///< s; hardly a lid is faster
constexpr double kFastCamera = 50.0; ///< frames/s from which short times can be told apart

struct Gap
{
    double seconds = 0.0;
    double from = 0.0;
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
                longest = {at - last, last, end - begin};
            last = at;
        };
        for (const LidEvent &e : events) {
            if (isBlink(e) && e.apexSeconds >= begin && e.apexSeconds < end)
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

QStringList shortcomings(const BlinkFootage &footage, double neededSeconds, const CounterQuality &counter)
{
    QStringList reasons;
    if (counter.recall < kLeastRecall) {
        reasons << u"the counter finds only %1 % of the blinks in such footage"_s.arg(number(100.0 * counter.recall));
    }
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

BlinkEvidence weighBlinks(const std::vector<LidEvent> &events, const BlinkBasis &basis)
{
    const BlinkFootage &footage = basis.footage;
    const RatePopulation &population = basis.context.population;
    const bool personal = basis.reference.seconds > 0.0;
    BlinkEvidence evidence;
    for (const LidEvent &e : events) {
        if (!isBlink(e))
            continue;
        ++evidence.blinks;
        // Observers who made the reference rates counted both; half of all blinks are partial.
        ++(e.complete ? evidence.complete : evidence.partial);
    }
    const double minutes = footage.usableSeconds / 60.0;
    evidence.neededSeconds = secondsUntil(0.05, population, basis.counter);
    // A person's own rate needs no time after which a population would have blinked.
    evidence.reasons = shortcomings(footage, personal ? 0.0 : evidence.neededSeconds, basis.counter);
    if (minutes <= 0.0)
        return evidence;
    evidence.perMinute = evidence.blinks / minutes;
    const MixedCount genuine(population, minutes, basis.counter);
    const MixedCount suppressed(kSuppressed, minutes, basis.counter);
    evidence.pLow = genuine.cdf(evidence.blinks);
    evidence.pHigh = genuine.tail(evidence.blinks);
    const double ratio = suppressed.pmf(evidence.blinks) / std::max(genuine.pmf(evidence.blinks), 1e-300);
    evidence.log10Ratio = std::max(0.0, std::log10(std::max(ratio, 1e-300))); // a normal rate proves nothing
    if (personal) {
        evidence.pReference = equalRatesCdf(evidence.blinks, footage.usableSeconds, basis.reference.blinks,
                                            basis.reference.seconds);
    }
    if (const Gap gap = longestGap(events, basis.stretches); gap.observed > 5.0) {
        evidence.longestGapSeconds = gap.seconds;
        evidence.longestGapFrom = gap.from;
        evidence.pGap = gapChance(gap.seconds, gap.observed, evidence.blinks, minutes, population, basis.seed);
    }
    const double few = evidence.pReference.value_or(evidence.pLow);
    if (!evidence.reasons.isEmpty())
        evidence.verdict = BlinkRateVerdict::Inconclusive;
    else if (few <= kBlinkAlarm)
        evidence.verdict = BlinkRateVerdict::Low;
    else if (!personal && evidence.pHigh <= kBlinkAlarm)
        evidence.verdict = BlinkRateVerdict::High;
    else
        evidence.verdict = BlinkRateVerdict::Unremarkable;
    return evidence;
}

QStringList lidOddities(const std::vector<LidEvent> &events, double framesPerSecond)
{
    std::vector<double> durations, slowness;
    int late = 0, quick = 0;
    for (const LidEvent &e : events) {
        if (!isBlink(e))
            continue;
        durations.push_back(e.halfDepthSeconds);
        slowness.push_back((e.apexSeconds - e.beginSeconds) - (e.endSeconds - e.apexSeconds));
        late += e.lagSeconds && std::abs(*e.lagSeconds) > kLateLid + 0.5 / framesPerSecond ? 1 : 0;
        quick += e.halfDepthSeconds < kQuickBlink ? 1 : 0;
    }
    QStringList odd;
    if (late > 0)
        odd << u"in %1 blinks one lid is more than 80 ms behind the other"_s.arg(late);
    if (framesPerSecond >= kFastCamera && quick > 0)
        odd << u"%1 blinks last less than 60 ms at half depth"_s.arg(quick);
    if (durations.size() < 5)
        return odd;
    const auto [shortest, longest] = std::minmax_element(durations.begin(), durations.end());
    if (framesPerSecond >= kFastCamera && *longest - *shortest <= 1.0 / framesPerSecond)
        odd << u"all %1 blinks last equally long, to one frame"_s.arg(durations.size());
    // Lids close faster than they open, in everybody; one frame of doubt is left.
    if (median(slowness).value_or(0.0) > 1.0 / framesPerSecond)
        odd << u"the lids close more slowly than they open"_s;
    return odd;
}

} // namespace fw
