// SPDX-License-Identifier: GPL-3.0-or-later
#include "blinks/lid_events.h"

#include "base/numbers.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kMaxGapSeconds = 0.25;
constexpr double kSpacingSeconds = 0.1;
constexpr double kOtherEye = 0.5;      ///< share of the joint closure that each eye must reach
constexpr double kMatchSeconds = 0.08; ///< between the apexes of the two eyes
constexpr double kClosingSeconds = 0.2;   ///< a lid moves no longer than this from open to half closed,
constexpr double kOpeningSeconds = 0.3;   ///< and back; what lies beyond is the drift of the measure

std::optional<double> openAspect(const std::vector<EyeSample> &samples, std::optional<double> EyeSample::*eye)
{
    std::vector<double> values;
    for (const EyeSample &s : samples) {
        if (s.*eye)
            values.push_back(*(s.*eye));
    }
    return quantile(std::move(values), 0.9);
}

double joint(double left, double right)
{
    if (std::isnan(left))
        return right;
    return std::isnan(right) ? left : 0.5 * (left + right);
}

/// Lowest value between `from` and the nearest higher value in direction `step`, inside [begin, end).
double baseOf(const std::vector<double> &values, std::int64_t from, int step, std::int64_t begin, std::int64_t end)
{
    double lowest = values[std::size_t(from)];
    for (std::int64_t i = from + step; i >= begin && i < end; i += step) {
        const double v = values[std::size_t(i)];
        if (std::isnan(v))
            continue;
        if (v > values[std::size_t(from)])
            break;
        lowest = std::min(lowest, v);
    }
    return lowest;
}

/// Where the curve crosses `level` going away from the apex, between samples; the last sample above
/// when it never does.
std::pair<std::int64_t, double> crossing(const std::vector<double> &values, const std::vector<EyeSample> &samples,
                                         std::int64_t apex, int step, double level, FrameRange in)
{
    std::int64_t last = apex;
    for (std::int64_t i = apex + step; in.contains(i); i += step) {
        const double v = values[std::size_t(i)];
        if (std::isnan(v))
            continue;
        if (v < level) {
            const double above = values[std::size_t(last)];
            const double part = (above - level) / (above - v);
            const double t0 = samples[std::size_t(last)].seconds;
            return {last, t0 + part * (samples[std::size_t(i)].seconds - t0)};
        }
        last = i;
    }
    return {last, samples[std::size_t(last)].seconds};
}

std::optional<std::size_t> apexNear(const std::vector<double> &values, const std::vector<EyeSample> &samples, std::size_t apex)
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::abs(samples[i].seconds - samples[apex].seconds) > kMatchSeconds || std::isnan(values[i]))
            continue;
        if (!best || values[i] > values[*best])
            best = i;
    }
    return best;
}

/// The samples of `stretch` from `before` seconds ahead of sample `first` to `after` behind `last`.
FrameRange around(const std::vector<EyeSample> &samples, FrameRange stretch, std::int64_t first, double before,
                  std::int64_t last, double after)
{
    FrameRange range{first, last + 1};
    while (range.begin > stretch.begin && samples[std::size_t(range.begin - 1)].seconds >= samples[std::size_t(first)].seconds - before)
        --range.begin;
    while (range.end < stretch.end && samples[std::size_t(range.end)].seconds <= samples[std::size_t(last)].seconds + after)
        ++range.end;
    return range;
}

LidEventKind kindOf(double duration, double minAperture)
{
    if (duration > 2.0)
        return LidEventKind::Shut;
    // A lid that follows the eye downwards stays part-way for as long as the look lasts.
    if (duration > 0.4 && minAperture >= 0.25)
        return LidEventKind::Glance;
    return duration > 0.5 ? LidEventKind::Prolonged : LidEventKind::Blink;
}

} // namespace

std::vector<FrameRange> continuousStretches(const std::vector<EyeSample> &samples)
{
    std::vector<FrameRange> stretches;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (i == 0 || samples[i].seconds - samples[i - 1].seconds > kMaxGapSeconds)
            stretches.push_back({FrameIndex(i), FrameIndex(i)});
        stretches.back().end = FrameIndex(i) + 1;
    }
    return stretches;
}

ClosureTrace closureOf(const std::vector<EyeSample> &samples)
{
    ClosureTrace trace;
    trace.openLeft = openAspect(samples, &EyeSample::left);
    trace.openRight = openAspect(samples, &EyeSample::right);
    const auto closure = [](const std::optional<double> &ear, const std::optional<double> &open) {
        return ear && open && *open > 0.0 ? 1.0 - *ear / *open : kMissing;
    };
    for (const EyeSample &s : samples) {
        trace.left.push_back(closure(s.left, trace.openLeft));
        trace.right.push_back(closure(s.right, trace.openRight));
    }
    return trace;
}

ClosureTrace asRead(const std::vector<EyeSample> &closures)
{
    ClosureTrace trace;
    for (const EyeSample &s : closures) {
        trace.left.push_back(s.left.value_or(kMissing));
        trace.right.push_back(s.right.value_or(kMissing));
    }
    return trace;
}

std::vector<LidEvent> findLidEvents(const std::vector<EyeSample> &samples, const ClosureTrace &closure,
                                    const LidRule &rule)
{
    std::vector<double> both(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
        both[i] = joint(closure.left[i], closure.right[i]);

    std::vector<LidEvent> events;
    for (const FrameRange &stretch : continuousStretches(samples)) {
        for (std::int64_t i = stretch.begin; i < stretch.end; ++i) {
            const double height = both[std::size_t(i)];
            if (std::isnan(height) || height < rule.height)
                continue;
            const bool rises = i > stretch.begin && !(both[std::size_t(i - 1)] >= height);
            std::int64_t plateau = i;
            while (plateau + 1 < stretch.end && both[std::size_t(plateau + 1)] == height)
                ++plateau;
            const bool falls = plateau + 1 < stretch.end && !(both[std::size_t(plateau + 1)] >= height);
            if (!rises || !falls)
                continue; // at the edge of a stretch the start or the end was not seen
            const double base = std::max(baseOf(both, i, -1, stretch.begin, stretch.end),
                                         baseOf(both, plateau, +1, stretch.begin, stretch.end));
            const double depth = height - base;
            if (depth < rule.prominence)
                continue;
            const std::size_t apex = std::size_t(i + plateau) / 2;
            LidEvent event;
            event.apex = apex;
            event.apexSeconds = samples[apex].seconds;
            const auto [first, startHalf] = crossing(both, samples, i, -1, height - 0.5 * depth, stretch);
            const auto [last, endHalf] = crossing(both, samples, plateau, +1, height - 0.5 * depth, stretch);
            event.halfDepthSeconds = endHalf - startHalf;
            const FrameRange lids = around(samples, stretch, first, kClosingSeconds, last, kOpeningSeconds);
            const auto [begin, beginSeconds] = crossing(both, samples, first, -1, height - 0.9 * depth, lids);
            event.begin = std::size_t(begin);
            event.beginSeconds = beginSeconds;
            const auto [end, endSeconds] = crossing(both, samples, last, +1, height - 0.9 * depth, lids);
            event.end = std::size_t(end) + 1;
            event.endSeconds = endSeconds;
            event.minAperture = std::max(0.0, 1.0 - height);
            event.complete = event.minAperture < 0.25;
            event.kind = kindOf(event.halfDepthSeconds, event.minAperture);

            const auto leftApex = apexNear(closure.left, samples, apex);
            const auto rightApex = apexNear(closure.right, samples, apex);
            if (leftApex && rightApex) {
                if (std::min(closure.left[*leftApex], closure.right[*rightApex]) < kOtherEye * height)
                    continue; // one eye alone: a wink, or a landmark that slipped
                event.bothEyes = true;
                event.lagSeconds = samples[*rightApex].seconds - samples[*leftApex].seconds;
            }
            if (!events.empty() && event.apexSeconds - events.back().apexSeconds < kSpacingSeconds) {
                if (event.minAperture < events.back().minAperture)
                    events.back() = event;
                continue;
            }
            events.push_back(event);
        }
    }
    return events;
}

} // namespace fw
