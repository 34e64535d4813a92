// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the rigid part of a face stays the same: over time (S3), and while the expression changes (I2).
#include "coherence_parts.h"

#include "base/numbers.h"
#include "faces/action_units.h"
#include "stats/permutation.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

/// Bridge and tip of the nose and the corners of the eyes: what no muscle moves much.
constexpr std::array<std::size_t, 9> kRigid{27, 28, 29, 30, 33, 36, 39, 42, 45};
constexpr std::size_t kWindow = 3;   ///< seconds
constexpr std::size_t kFewest = 4;   ///< windows
constexpr int kShuffles = 499;

using Series = std::vector<double>;

/// Two coordinates of each rigid point, without what goes along with a turn of the head: a pose that is a
/// little off moves them, and is no change of shape.
std::vector<Series> rigidShape(const CoherenceTrack &track)
{
    const std::size_t n = track.rows.size();
    Series yaw(n), pitch(n);
    for (std::size_t i = 0; i < n; ++i) {
        pitch[i] = track.rows[i].turn[0];
        yaw[i] = track.rows[i].turn[1];
    }
    std::vector<Series> shape;
    for (const std::size_t p : kRigid) {
        for (int axis = 0; axis < 2; ++axis) {
            Series column(n);
            for (std::size_t i = 0; i < n; ++i)
                column[i] = axis == 0 ? track.rows[i].onHead[p].x : track.rows[i].onHead[p].y;
            shape.push_back(withoutLinear(withoutLinear(column, yaw), pitch));
        }
    }
    return shape;
}

/// Means of whole seconds, a row a second; a second that is not measured for the most part is left out.
struct SecondMeans
{
    std::vector<Series> rows;          ///< one number a coordinate
    std::vector<std::size_t> seconds;  ///< which second each row is
};

SecondMeans meansOf(const CoherenceTrack &track, const std::vector<Series> &shape)
{
    SecondMeans means;
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        Series row;
        for (const Series &column : shape) {
            double sum = 0.0;
            std::size_t count = 0;
            for (std::size_t i = begin; i < end; ++i) {
                if (!std::isnan(column[i])) {
                    sum += column[i];
                    ++count;
                }
            }
            if (3 * count >= 2 * (end - begin))
                row.push_back(sum / double(count));
        }
        if (row.size() == shape.size()) {
            means.rows.push_back(std::move(row));
            means.seconds.push_back(second);
        }
    }
    return means;
}

/// Variance of one coordinate's mean over one window, as far as it comes from within a second: the noise of
/// single frames and what neighbours have in common.
double errorOfWindow(const CoherenceTrack &track, const Series &column, const SecondMeans &means, std::size_t coordinate)
{
    Series left(column.size(), kMissing);
    for (std::size_t k = 0; k < means.seconds.size(); ++k) {
        const auto [begin, end] = rowsOfSecond(track, means.seconds[k]);
        for (std::size_t i = begin; i < end; ++i)
            left[i] = column[i] - means.rows[k][coordinate];
    }
    double square = 0.0;
    std::size_t count = 0;
    for (const double v : left) {
        if (!std::isnan(v)) {
            square += v * v;
            ++count;
        }
    }
    const Series rho = autocorrelation(left, std::max(1, int(0.5 * track.rate)));
    double together = 1.0;
    for (std::size_t k = 1; k < rho.size() && rho[k] > 0.0; ++k)
        together += 2.0 * rho[k];
    const double frames = double(kWindow) * track.rate;
    return square / double(std::max<std::size_t>(1, count)) * together / frames;
}

/// Means of the windows less the mean of all, in errors of a window: a row a window.
std::vector<Series> windowsOf(const SecondMeans &means, const Series &errors)
{
    std::vector<Series> windows(means.rows.size() / kWindow, Series(errors.size()));
    for (std::size_t c = 0; c < errors.size(); ++c) {
        double all = 0.0;
        for (std::size_t w = 0; w < windows.size(); ++w) {
            for (std::size_t k = 0; k < kWindow; ++k)
                windows[w][c] += means.rows[w * kWindow + k][c] / (double(kWindow) * std::sqrt(errors[c]));
            all += windows[w][c] / double(windows.size());
        }
        for (Series &window : windows)
            window[c] -= all;
    }
    return windows;
}

/// How far the windows scatter, over all coordinates.
double scatterOf(const std::vector<Series> &windows)
{
    double squares = 0.0, count = 0.0;
    for (const Series &window : windows) {
        for (const double v : window) {
            squares += v * v;
            ++count;
        }
    }
    return std::sqrt(squares / count * double(windows.size()) / double(windows.size() - 1));
}

/// How much of it is a change in one direction. @param order  in which the windows are taken to have come.
double trendOf(const std::vector<Series> &windows, const std::vector<std::size_t> &order)
{
    const double middle = 0.5 * double(order.size() - 1);
    double trend = 0.0;
    for (std::size_t c = 0; c < windows.front().size(); ++c) {
        double slope = 0.0;
        for (std::size_t w = 0; w < order.size(); ++w)
            slope += (double(w) - middle) * windows[order[w]][c];
        trend += slope * slope;
    }
    return trend;
}

std::size_t unitAt(int unit)
{
    return std::size_t(std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit) - kIntensityUnits.begin());
}

} // namespace

double trendChance(const std::vector<Series> &windows, std::uint64_t seed)
{
    std::vector<std::size_t> order(windows.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    const double trend = trendOf(windows, order);
    std::mt19937_64 random(seed);
    int asFar = 0;
    for (int s = 0; s < kShuffles; ++s) {
        for (std::size_t i = order.size() - 1; i > 0; --i)
            std::swap(order[i], order[std::size_t(random() % (i + 1))]);
        asFar += trendOf(windows, order) >= trend * (1.0 - 1e-12) ? 1 : 0;
    }
    return double(asFar + 1) / double(kShuffles + 1);
}

CoherenceValue shapeDrift(const CoherenceTrack &track, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::S3;
    const std::vector<Series> shape = rigidShape(track);
    const SecondMeans means = meansOf(track, shape);
    if (means.rows.size() < kFewest * kWindow) {
        out.reason = u"needs %1 s in which nose and eyes were followed"_s.arg(kFewest * kWindow);
        return out;
    }
    Series errors;
    for (std::size_t c = 0; c < shape.size(); ++c)
        errors.push_back(errorOfWindow(track, shape[c], means, c));
    if (std::any_of(errors.begin(), errors.end(), [](double e) { return !(e > 1e-14); })) {
        out.reason = u"the landmarks do not move at all"_s;
        return out;
    }
    const std::vector<Series> windows = windowsOf(means, errors);
    out.value = scatterOf(windows);
    out.effective = double(windows.size());
    // Nothing drifts: then windows of 3 s may come in any order. What frames and seconds have in common stays
    // inside a window; a scatter that goes nowhere is no drift.
    out.nullChance = trendChance(windows, seed);
    out.perSecond.assign(wholeSeconds(track), kMissing);
    for (std::size_t k = 0; k < means.rows.size(); ++k) {
        double sum = 0.0;
        for (std::size_t c = 0; c < errors.size(); ++c) {
            Series all;
            for (const Series &row : means.rows)
                all.push_back(row[c]);
            const double off = means.rows[k][c] - *median(all);
            sum += off * off / (double(kWindow) * errors[c]) / double(errors.size());
        }
        out.perSecond[means.seconds[k]] = std::sqrt(sum);
    }
    return out;
}

CoherenceValue shapeAndExpression(const CoherenceTrack &track, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::I2;
    const std::size_t n = track.rows.size();
    Series distance(n, 0.0);
    for (const Series &column : rigidShape(track)) {
        const auto middle = median(column), noise = noiseSigma(column, noiseWindow(track.rate));
        if (!middle || !noise || !(*noise > 1e-9)) {
            out.reason = u"the landmarks do not move at all"_s;
            return out;
        }
        for (std::size_t i = 0; i < n; ++i)
            distance[i] += std::pow((column[i] - *middle) / *noise, 2);
    }
    for (double &d : distance)
        d = std::sqrt(d);
    if (double(measuredCount(distance)) < 10.0 * track.rate) {
        out.reason = u"needs 10 s in which nose and eyes were followed"_s;
        return out;
    }
    Series smile, jaw, turned;
    const double straight = [&] {
        Series yaw;
        for (const BehaviourRow &row : track.rows)
            yaw.push_back(row.turn[1]);
        return median(yaw).value_or(0.0);
    }();
    for (const BehaviourRow &row : track.rows) {
        smile.push_back(row.units[unitAt(12)]);
        jaw.push_back(row.units[unitAt(26)]);
        turned.push_back(std::abs(row.turn[1] - straight));
    }
    const Series *strongest = nullptr;
    std::vector<double> chances;
    for (const Series *with : {&smile, &jaw, &turned}) {
        const auto r = correlation(distance, *with);
        const auto p = r ? circularShiftPValue(distance, *with, int(2.0 * track.rate), 999, seed) : std::nullopt;
        if (!p)
            continue;
        chances.push_back(*p);
        if (!out.value || std::abs(*r) > std::abs(*out.value)) {
            out.value = *r;
            strongest = with;
        }
    }
    if (!out.value) {
        out.reason = u"neither smile, jaw nor head moves"_s;
        return out;
    }
    chances = holmAdjusted(chances);
    out.nullChance = *std::min_element(chances.begin(), chances.end());
    out.effective = effectiveSampleSize(distance, *strongest, int(2.0 * track.rate));
    std::tie(out.low, out.high) = correlationInterval(*out.value, out.effective);
    return out;
}

} // namespace fw::coherence
