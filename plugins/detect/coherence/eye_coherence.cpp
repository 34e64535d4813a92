// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"
#include "lag_correlation.h"

#include "base/numbers.h"
#include "stats/distributions.h"
#include "stats/permutation.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

constexpr double kFewestEyeSeconds = 8.0;
constexpr double kLagSeconds = 0.2;       // farthest lag that is looked for
constexpr double kFewestBlinkSeconds = 3; // seconds with a closure
constexpr double kClosure = 0.25;         // of the openness, that counts as one

std::vector<double> difference(const std::vector<double> &a, const std::vector<double> &b)
{
    std::vector<double> d(a.size());
    std::transform(a.begin(), a.end(), b.begin(), d.begin(), std::minus<>());
    return d;
}

/// Less the mean of a second around; where less than half of it is measured there is no value.
std::vector<double> withoutSlow(const std::vector<double> &values, double rate)
{
    const std::ptrdiff_t half = std::max<std::ptrdiff_t>(2, std::lround(0.5 * rate));
    std::vector<double> fast(values.size(), kMissing);
    for (std::ptrdiff_t i = 0; i < std::ptrdiff_t(values.size()); ++i) {
        double sum = 0.0;
        int n = 0;
        for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(0, i - half); k <= i + half && k < std::ptrdiff_t(values.size()); ++k) {
            if (!std::isnan(values[std::size_t(k)])) {
                sum += values[std::size_t(k)];
                ++n;
            }
        }
        if (n > half)
            fast[std::size_t(i)] = values[std::size_t(i)] - sum / n;
    }
    return fast;
}

/// Deviation of the difference between two eyes, whatever goes along with the head's yaw taken out.
CoherenceValue wandering(CoherenceId id, const CoherenceTrack &track, const std::vector<double> &left, const std::vector<double> &right,
                         double leastRadius, double allowed)
{
    CoherenceValue out;
    out.id = id;
    std::vector<double> yaw, d = difference(left, right);
    for (std::size_t i = 0; i < d.size(); ++i) {
        const BehaviourRow &row = track.rows[i];
        yaw.push_back(row.turn[1]);
        if (!(std::min(row.irisRadius[0], row.irisRadius[1]) >= leastRadius))
            d[i] = kMissing;
    }
    if (double(measuredCount(d)) < kFewestEyeSeconds * track.rate) {
        out.reason = u"needs %1 s of open eyes with irises of %2 px radius or more"_s.arg(kFewestEyeSeconds).arg(leastRadius);
        return out;
    }
    d = withoutLinear(d, yaw);
    const double middle = *median(d);
    for (double &v : d)
        v -= middle;
    // Robust against the few frames of a blink or a saccade that one eye sees a frame earlier.
    std::vector<double> kept = d;
    std::erase_if(kept, [](double v) { return std::isnan(v); });
    const double cut = *quantile([&] { auto a = kept; for (double &v : a) v = std::abs(v); return a; }(), 0.95);
    double sum = 0.0;
    for (const double v : kept)
        sum += std::min(v * v, cut * cut);
    out.value = std::sqrt(sum / double(kept.size()));
    const double noise = noiseSigma(d, noiseWindow(track.rate)).value_or(0.0);
    out.effective = effectiveSampleSize(d, int(2.0 * track.rate));
    out.tolerance = std::hypot(allowed, kGazeNoiseTimes * noise);
    const double spread = *out.value / std::sqrt(2.0 * out.effective);
    out.low = std::max(0.0, *out.value - 1.96 * spread);
    out.high = *out.value + 1.96 * spread;
    out.pValue = excessChance(*out.value, *out.tolerance, out.effective);
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        std::vector<double> part(d.begin() + std::ptrdiff_t(begin), d.begin() + std::ptrdiff_t(end));
        const bool enough = measuredCount(part) * 2 > part.size();
        out.perSecond.push_back(enough ? std::abs(*median(part)) : kMissing);
    }
    return out;
}

} // namespace

CoherenceValue lidLag(const CoherenceTrack &track, const CoherenceSignals &signals, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::E1;
    if (track.rate < 20.0) {
        out.reason = u"needs 20 frames a second"_s;
        return out;
    }
    const auto x = withoutSlow(signals.lidLeft, track.rate), y = withoutSlow(signals.lidRight, track.rate);
    if (double(measuredCount(difference(x, y))) < kFewestEyeSeconds * track.rate) {
        out.reason = u"needs %1 s of eyes 18 px wide in a face turned less than 25° to the side"_s.arg(kFewestEyeSeconds);
        return out;
    }
    const int lags = std::max(3, int(std::lround(kLagSeconds * track.rate)));
    std::vector<std::pair<std::size_t, std::size_t>> seconds;
    for (std::size_t second = 0; second < wholeSeconds(track); ++second)
        seconds.push_back(rowsOfSecond(track, second));
    const std::vector<LagSums> blocks = lagSums(x, y, seconds, lags);
    // Only seconds in which both lids close say anything about their timing.
    std::vector<std::size_t> active;
    out.perSecond.assign(blocks.size(), kMissing);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const auto [begin, end] = rowsOfSecond(track, b);
        double left = 0.0, right = 0.0;
        for (std::size_t i = begin; i < end; ++i) {
            left = std::isnan(x[i]) ? left : std::min(left, x[i]);
            right = std::isnan(y[i]) ? right : std::min(right, y[i]);
        }
        if (left > -kClosure || right > -kClosure)
            continue;
        active.push_back(b);
        if (const auto lag = peakLag(correlationAtLags(blocks, {b})))
            out.perSecond[b] = 1000.0 * *lag / track.rate;
    }
    if (double(active.size()) < kFewestBlinkSeconds) {
        out.reason = u"the lids closed in fewer than three seconds of the clip"_s;
        return out;
    }
    const auto drawn = drawnLag(blocks, active, seed);
    if (!drawn) {
        out.reason = u"the lids do not move alike enough to tell a lag below 0.2 s"_s;
        return out;
    }
    const double toMs = 1000.0 / track.rate;
    // A closure is sampled once a frame: never more certain than a tenth of one.
    const double error = std::hypot(drawn->error, 0.1);
    out.value = drawn->lag * toMs;
    out.low = drawn->low * toMs;
    out.high = drawn->high * toMs;
    out.effective = double(active.size());
    out.tolerance = std::max(20.0, toMs);
    const double t = (std::abs(drawn->lag) - *out.tolerance / toMs) / error;
    out.pValue = std::min(1.0, 2.0 * studentTail(t, double(active.size()) - 1.0));
    return out;
}

CoherenceValue lidCorrelation(const CoherenceTrack &track, const CoherenceSignals &signals)
{
    CoherenceValue out;
    out.id = CoherenceId::E1r;
    std::vector<double> both;
    for (std::size_t i = 0; i < signals.lidLeft.size(); ++i)
        both.push_back(0.5 * (signals.lidLeft[i] + signals.lidRight[i]));
    if (double(measuredCount(both)) < kFewestEyeSeconds * track.rate) {
        out.reason = u"needs %1 s of eyes 18 px wide in a face turned less than 25° to the side"_s.arg(kFewestEyeSeconds);
        return out;
    }
    if (*quantile(both, 0.95) - *quantile(both, 0.02) < kClosure) {
        out.reason = u"the lids hardly move"_s;
        return out;
    }
    out.value = correlation(signals.lidLeft, signals.lidRight);
    if (!out.value) {
        out.reason = u"the lids do not move"_s;
        return out;
    }
    out.effective = effectiveSampleSize(signals.lidLeft, signals.lidRight, int(2.0 * track.rate));
    std::tie(out.low, out.high) = correlationInterval(*out.value, out.effective);
    return out;
}

CoherenceValue verticalGaze(const CoherenceTrack &track, const CoherenceSignals &signals)
{
    return wandering(CoherenceId::E2, track, signals.gazeUpLeft, signals.gazeUpRight, 5.0, kVerticalAllowed);
}

CoherenceValue vergence(const CoherenceTrack &track, const CoherenceSignals &signals)
{
    return wandering(CoherenceId::E3, track, signals.gazeSideLeft, signals.gazeSideRight, 6.0, kSideAllowed);
}

CoherenceValue compensation(const CoherenceTrack &track, const CoherenceSignals &signals)
{
    CoherenceValue out;
    out.id = CoherenceId::E4;
    if (track.rate < 23.5) {
        out.reason = u"needs 24 frames a second"_s;
        return out;
    }
    std::vector<double> head, eye;
    for (std::size_t i = 0; i < signals.headSpeed.size(); ++i) {
        const double h = signals.headSpeed[i], e = signals.eyeSpeed[i];
        if (std::abs(h) < 8.0 || std::abs(h) > 60.0 || !(std::abs(e + h) < 60.0))
            continue; // too slow, too fast, or the eyes jump by themselves
        head.push_back(h);
        eye.push_back(e);
    }
    if (head.size() < 40) {
        out.reason = u"the head turns (8 to 60° a second) with open eyes in %1 frames; 40 are needed"_s.arg(head.size());
        return out;
    }
    double he = 0, hh = 0, ee = 0;
    for (std::size_t i = 0; i < head.size(); ++i) {
        he += head[i] * eye[i];
        hh += head[i] * head[i];
        ee += eye[i] * eye[i];
    }
    out.value = he / hh; // through 0: a head at rest does not turn the eyes
    out.effective = std::max(2.0, double(head.size()) / (0.3 * track.rate));
    const double left = std::sqrt(std::max(0.0, ee - he * he / hh) / double(head.size()));
    const double error = left / std::sqrt(hh / double(head.size()) * out.effective);
    out.low = *out.value - 1.96 * error;
    out.high = *out.value + 1.96 * error;
    return out;
}

} // namespace fw::coherence
