// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"

#include "base/numbers.h"
#include "stats/permutation.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

constexpr double kSpeechSpread = 0.008; // deviation of the lip gap within a second, eye-corner distances
constexpr double kSpeechSeconds = 5.0;
constexpr double kLeastMouth = 40.0; // px
constexpr double kShut = 0.01;       // gap of shut lips, eye-corner distances

/// Power per frequency of a stretch without gaps, Hann window; frequencies 0.5 Hz apart are enough.
double bandPower(const std::vector<double> &values, double rate, double from, double to)
{
    const std::size_t n = values.size();
    double mean = 0.0, gain = 0.0;
    for (const double v : values)
        mean += v / double(n);
    std::vector<double> windowed(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double w = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (double(i) + 0.5) / double(n));
        windowed[i] = w * (values[i] - mean);
        gain += w * w;
    }
    double sum = 0.0;
    int count = 0;
    for (double f = from; f <= to + 1e-9; f += 0.5) {
        double re = 0.0, im = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            const double phase = 2.0 * std::numbers::pi * f * double(i) / rate;
            re += windowed[i] * std::cos(phase);
            im += windowed[i] * std::sin(phase);
        }
        sum += (re * re + im * im) / gain;
        ++count;
    }
    return count > 0 ? sum / count : 0.0;
}

struct Bands
{
    double slow = 0.0, fast = 0.0;
};

std::optional<Bands> bandsOf(const std::vector<double> &values, std::size_t begin, std::size_t end, double rate)
{
    const std::vector<double> part(values.begin() + std::ptrdiff_t(begin), values.begin() + std::ptrdiff_t(end));
    if (measuredCount(part) != part.size())
        return std::nullopt;
    return Bands{bandPower(part, rate, 1.0, 6.0), bandPower(part, rate, 8.0, std::min(15.0, 0.5 * rate - 0.5))};
}

std::vector<bool> speechOf(const CoherenceTrack &track, const std::vector<double> &gap)
{
    std::vector<bool> speech(gap.size(), false);
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        const std::vector<double> part(gap.begin() + std::ptrdiff_t(begin), gap.begin() + std::ptrdiff_t(end));
        const auto sigma = robustSigma(part);
        if (measuredCount(part) * 2 < part.size() || !sigma || *sigma < kSpeechSpread)
            continue;
        std::fill(speech.begin() + std::ptrdiff_t(begin), speech.begin() + std::ptrdiff_t(end), true);
    }
    return speech;
}

} // namespace

CoherenceValue lipsAndJaw(const CoherenceTrack &track, const CoherenceSignals &s)
{
    CoherenceValue out;
    out.id = CoherenceId::M1;
    const auto speech = speechOf(track, s.lipGap);
    std::vector<double> gap = s.lipGap;
    for (std::size_t i = 0; i < gap.size(); ++i)
        gap[i] = speech[i] ? gap[i] : kMissing;
    if (double(measuredCount(gap)) < kSpeechSeconds * track.rate) {
        out.reason = u"the lips move as in speech for less than %1 s"_s.arg(kSpeechSeconds);
        return out;
    }
    out.value = partialCorrelation(gap, s.jawDrop, {s.lipWidth, s.smile});
    if (!out.value) {
        out.reason = u"lips or jaw do not move"_s;
        return out;
    }
    out.effective = effectiveSampleSize(gap, s.jawDrop, int(2.0 * track.rate));
    std::tie(out.low, out.high) = correlationInterval(*out.value, out.effective);
    // Three seconds around each second: one alone is too short for a correlation.
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const std::size_t begin = rowsOfSecond(track, second > 0 ? second - 1 : 0).first;
        const std::size_t end = rowsOfSecond(track, second + 1).second;
        const auto cut = [&](const std::vector<double> &v) {
            return std::vector<double>(v.begin() + std::ptrdiff_t(begin), v.begin() + std::ptrdiff_t(std::min(end, v.size())));
        };
        const auto part = cut(gap);
        const auto r = double(measuredCount(part)) >= track.rate ? correlation(part, cut(s.jawDrop)) : std::nullopt;
        out.perSecond.push_back(r.value_or(kMissing));
    }
    return out;
}

CoherenceValue lipClosures(const CoherenceTrack &track, const CoherenceSignals &s, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::M2;
    std::vector<double> widths;
    for (std::size_t i = 0; i < s.lipWidth.size(); ++i)
        widths.push_back(s.lipWidth[i] * track.rows[i].eyeCorners);
    if (!(median(widths).value_or(0.0) >= kLeastMouth)) {
        out.reason = u"needs a mouth %1 px wide"_s.arg(kLeastMouth);
        return out;
    }
    // A second of speech is one draw: its closures are not independent of each other.
    const auto speech = speechOf(track, s.lipGap);
    std::vector<double> closures;
    out.perSecond.assign(wholeSeconds(track), kMissing);
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        if (!speech[begin])
            continue;
        int count = 0;
        for (std::size_t i = std::max<std::size_t>(begin, 1); i < end && i + 1 < s.lipGap.size(); ++i)
            count += s.lipGap[i] < kShut && s.lipGap[i] <= s.lipGap[i - 1] && s.lipGap[i] < s.lipGap[i + 1] ? 1 : 0;
        closures.push_back(60.0 * count);
        out.perSecond[second] = closures.back();
    }
    if (double(closures.size()) < kSpeechSeconds) {
        out.reason = u"the lips move as in speech for less than %1 s"_s.arg(kSpeechSeconds);
        return out;
    }
    const auto mean = [&](const std::vector<std::size_t> &take) -> std::optional<double> {
        double sum = 0.0;
        for (const std::size_t i : take)
            sum += closures[i];
        return sum / double(take.size());
    };
    double sum = 0.0;
    for (const double c : closures)
        sum += c;
    out.value = sum / double(closures.size());
    out.effective = double(closures.size());
    const auto drawn = blockBootstrap(closures.size(), 3, 300, seed, mean);
    out.low = quantile(drawn, 0.025);
    out.high = quantile(drawn, 0.975);
    return out;
}

CoherenceValue lipJitter(const CoherenceTrack &track, const CoherenceSignals &s)
{
    CoherenceValue out;
    out.id = CoherenceId::M3;
    if (track.rate < 23.5) {
        out.reason = u"needs 24 frames a second"_s;
        return out;
    }
    // The bridge of the nose does not move: what trembles there is the tracker.
    std::vector<double> still;
    for (const BehaviourRow &row : track.rows)
        still.push_back(row.onHead[29].y - row.onHead[27].y);
    Bands lips, nose;
    std::vector<double> ratios;
    out.perSecond.assign(wholeSeconds(track), kMissing);
    const auto ratio = [](const Bands &b, const Bands &floor) {
        const double fast = std::max(b.fast - floor.fast, 0.05 * b.fast);
        const double slow = std::max(b.slow - floor.slow, 0.05 * b.slow);
        return fast > 0.0 && slow > 0.0 ? std::log10(fast / slow) : kMissing;
    };
    for (std::size_t second = 0; second + 1 < wholeSeconds(track); ++second) {
        const std::size_t begin = rowsOfSecond(track, second).first, end = rowsOfSecond(track, second + 1).second;
        const auto gap = bandsOf(s.lipGap, begin, end, track.rate), width = bandsOf(s.lipWidth, begin, end, track.rate);
        const auto floor = bandsOf(still, begin, end, track.rate);
        if (!gap || !width || !floor)
            continue;
        const Bands both{gap->slow + width->slow, gap->fast + width->fast};
        const Bands twice{2.0 * floor->slow, 2.0 * floor->fast};
        out.perSecond[second] = ratio(both, twice);
        lips = {lips.slow + both.slow, lips.fast + both.fast};
        nose = {nose.slow + twice.slow, nose.fast + twice.fast};
        ratios.push_back(out.perSecond[second]);
    }
    if (ratios.size() < 4) {
        out.reason = u"needs 5 s of an unbroken track"_s;
        return out;
    }
    out.value = ratio(lips, nose);
    out.effective = double(ratios.size()) / 2.0;
    const double error = robustSigma(ratios).value_or(0.0) / std::sqrt(out.effective);
    out.low = *out.value - 1.96 * error;
    out.high = *out.value + 1.96 * error;
    return out;
}

} // namespace fw::coherence
