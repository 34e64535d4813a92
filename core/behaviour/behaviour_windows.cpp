// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/behaviour_windows.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kNeighbours = 1.5; ///< frame steps: the next frame
constexpr double kMostGap = 4.5;    ///< frame steps: three frames are missing
constexpr std::size_t kMostFilled = kBehaviourWindow / 50;
constexpr double kMostFlagged = 0.25;
constexpr double kStrongest = 0.995;
constexpr double kSlack = 1e-9;

double frameStep(const std::vector<BehaviourSample> &samples)
{
    std::vector<double> steps;
    for (std::size_t i = 1; i < samples.size(); ++i)
        steps.push_back(samples[i].seconds - samples[i - 1].seconds);
    return median(steps).value_or(0.0);
}

struct Moments
{
    BehaviourFeatures mean{}, deviation{}; ///< square roots of sums of squares
    std::bitset<kBehaviourFeatures> moves;
};

Moments momentsOf(std::span<const BehaviourFeatures> rows)
{
    Moments m;
    const double count = double(rows.size());
    for (std::size_t f = 0; f < kBehaviourFeatures; ++f) {
        for (const auto &row : rows)
            m.mean[f] += row[f] / count;
        double squares = 0.0;
        for (const auto &row : rows)
            squares += (row[f] - m.mean[f]) * (row[f] - m.mean[f]);
        m.deviation[f] = std::sqrt(squares);
        m.moves[f] = std::isfinite(squares) && std::sqrt(squares / count) >= behaviourNoiseFloor(f);
    }
    return m;
}

/// Pairs that no window of this track can have, because one of the two is not measured at all.
std::size_t unmeasuredPairs(const ResampledBehaviour &track)
{
    std::size_t measured = 0;
    for (std::size_t f = 0; f < kBehaviourFeatures; ++f) {
        measured += std::ranges::any_of(track.values, [f](const BehaviourFeatures &row) {
            return std::isfinite(row[f]) && row[f] != 0.0;
        });
    }
    return kBehaviourPairs - measured * (measured - std::min<std::size_t>(measured, 1)) / 2;
}

void addConditions(const std::vector<BehaviourSample> &samples, WindowedBehaviour *out)
{
    std::vector<double> yaw, eyes;
    for (const BehaviourSample &s : samples) {
        if (std::isfinite(s.yawDegrees))
            yaw.push_back(std::abs(s.yawDegrees));
        eyes.push_back(s.eyeCornersPixels);
    }
    for (const double y : yaw)
        out->meanYawDegrees += y / double(yaw.size());
    out->eyeCornersPixels = median(eyes).value_or(0.0);
    const double step = frameStep(samples);
    out->framesPerSecond = step > 0.0 ? 1.0 / step : 0.0;
}

void countSeconds(WindowedBehaviour *out)
{
    double covered = -1e9, last = -1e9;
    out->usableSeconds = 0.0;
    out->independent = 0;
    for (const BehaviourWindow &w : out->windows) {
        const double end = w.beginSeconds + kBehaviourWindowSeconds;
        out->usableSeconds += end - std::max(covered, w.beginSeconds);
        covered = std::max(covered, end);
        if (w.beginSeconds >= last - kSlack) {
            ++out->independent;
            last = end;
        }
    }
}

} // namespace

ResampledBehaviour resampleBehaviour(const std::vector<BehaviourSample> &samples)
{
    ResampledBehaviour out;
    std::vector<const BehaviourSample *> good;
    for (const BehaviourSample &s : samples) {
        if (s.values)
            good.push_back(&s);
    }
    const double step = frameStep(samples);
    if (good.size() < 2 || !(step > 0.0))
        return out;
    using Kind = ResampledBehaviour::Kind;
    out.beginSeconds = good.front()->seconds;
    const double end = good.back()->seconds;
    std::size_t next = 1;
    for (std::size_t i = 0;; ++i) {
        const double t = out.beginSeconds + double(i) / kBehaviourRate;
        if (t > end + kSlack)
            break;
        while (next + 1 < good.size() && good[next]->seconds < t)
            ++next;
        const BehaviourSample &a = *good[next - 1], &b = *good[next];
        const double gap = b.seconds - a.seconds;
        out.kinds.push_back(gap <= kNeighbours * step ? Kind::Measured : gap <= kMostGap * step ? Kind::Filled : Kind::Missing);
        const double share = gap > 0.0 ? std::clamp((t - a.seconds) / gap, 0.0, 1.0) : 0.0;
        BehaviourFeatures row;
        for (std::size_t f = 0; f < kBehaviourFeatures; ++f)
            row[f] = (1.0 - share) * (*a.values)[f] + share * (*b.values)[f];
        out.values.push_back(row);
    }
    return out;
}

BehaviourWindow correlate(std::span<const BehaviourFeatures> rows)
{
    BehaviourWindow window;
    const Moments m = momentsOf(rows);
    for (std::size_t p = 0; p < kBehaviourPairs; ++p) {
        const auto [a, b] = behaviourPairs()[p];
        if (!m.moves[a] || !m.moves[b]) {
            window.flagged.set(p);
            continue;
        }
        double sum = 0.0;
        for (const auto &row : rows)
            sum += (row[a] - m.mean[a]) * (row[b] - m.mean[b]);
        window.r[p] = sum / (m.deviation[a] * m.deviation[b]);
    }
    return window;
}

double fisherZ(double r)
{
    return std::atanh(std::clamp(r, -kStrongest, kStrongest));
}

std::array<double, kBehaviourPairs> fisherZ(const BehaviourWindow &window)
{
    std::array<double, kBehaviourPairs> z{};
    for (std::size_t p = 0; p < kBehaviourPairs; ++p)
        z[p] = fisherZ(window.r[p]);
    return z;
}

WindowedBehaviour windowsOf(const std::vector<BehaviourSample> &samples, double strideSeconds)
{
    using Kind = ResampledBehaviour::Kind;
    WindowedBehaviour out;
    addConditions(samples, &out);
    const ResampledBehaviour track = resampleBehaviour(samples);
    const std::size_t stride = std::max<std::size_t>(1, std::size_t(std::lround(strideSeconds * kBehaviourRate)));
    const std::size_t never = unmeasuredPairs(track), possible = kBehaviourPairs - never;
    for (std::size_t at = 0; at + kBehaviourWindow <= track.values.size(); at += stride) {
        const std::span kinds(track.kinds.data() + at, kBehaviourWindow);
        const bool whole = std::ranges::count(kinds, Kind::Missing) == 0
            && std::size_t(std::ranges::count(kinds, Kind::Filled)) <= kMostFilled;
        if (!whole) {
            ++out.refused;
            continue;
        }
        BehaviourWindow window = correlate({track.values.data() + at, kBehaviourWindow});
        window.beginSeconds = track.beginSeconds + double(at) / kBehaviourRate;
        if (double(window.flagged.count() - never) > kMostFlagged * double(possible) || possible == 0)
            ++out.refused;
        else
            out.windows.push_back(window);
    }
    countSeconds(&out);
    return out;
}

WindowedBehaviour windowsOfClip(const ObservationLog &log, std::span<const double> seconds, double strideSeconds)
{
    WindowedBehaviour all;
    std::vector<BehaviourSample> everywhere;
    for (const TrackId track : log.tracks()) {
        const auto samples = behaviourSamples(log, seconds, track, true);
        everywhere.insert(everywhere.end(), samples.begin(), samples.end());
        WindowedBehaviour one = windowsOf(samples, strideSeconds);
        all.windows.insert(all.windows.end(), one.windows.begin(), one.windows.end());
        all.refused += one.refused;
    }
    std::ranges::stable_sort(everywhere, {}, &BehaviourSample::seconds);
    std::ranges::stable_sort(all.windows, {}, &BehaviourWindow::beginSeconds);
    addConditions(everywhere, &all);
    countSeconds(&all);
    return all;
}

} // namespace fw
