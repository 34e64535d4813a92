// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"

#include "base/numbers.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

/// Median over the points of the group of the noise in rows [begin, end).
double noiseOf(const std::vector<std::vector<double>> &samples, std::size_t firstPoint, std::size_t lastPoint, std::size_t begin,
               std::size_t end)
{
    std::vector<double> sigmas;
    for (std::size_t c = 2 * firstPoint; c < 2 * lastPoint; ++c) {
        std::vector<double> part;
        for (std::size_t i = begin; i < end; ++i) {
            if (!std::isnan(samples[c][i]))
                part.push_back(samples[c][i]);
        }
        if (part.size() >= 8)
            sigmas.push_back(*robustSigma(part));
    }
    return median(sigmas).value_or(kMissing);
}

} // namespace

CoherenceValue innerJitter(const CoherenceTrack &track, CoherenceSignals &signals)
{
    CoherenceValue out;
    out.id = CoherenceId::S1;
    const std::size_t n = track.rows.size();
    std::vector<std::vector<double>> samples;
    for (std::size_t p = 0; p < 68; ++p) {
        for (int axis = 0; axis < 2; ++axis) {
            std::vector<double> column(n);
            for (std::size_t i = 0; i < n; ++i)
                column[i] = axis == 0 ? track.rows[i].onHead[p].x : track.rows[i].onHead[p].y;
            samples.push_back(noiseSamples(column, noiseWindow(track.rate)));
        }
    }
    const double inner = noiseOf(samples, 27, 68, 0, n), outline = noiseOf(samples, 0, 17, 0, n);
    signals.inner.assign(n, kMissing);
    signals.outline.assign(n, kMissing);
    std::vector<double> logs;
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        const double in = noiseOf(samples, 27, 68, begin, end), around = noiseOf(samples, 0, 17, begin, end);
        std::fill(signals.inner.begin() + std::ptrdiff_t(begin), signals.inner.begin() + std::ptrdiff_t(end), in);
        std::fill(signals.outline.begin() + std::ptrdiff_t(begin), signals.outline.begin() + std::ptrdiff_t(end), around);
        out.perSecond.push_back(in / around);
        if (std::isfinite(in / around))
            logs.push_back(std::log(in / around));
    }
    if (logs.size() < 5 || !std::isfinite(inner / outline)) {
        out.reason = u"needs 5 s of an unbroken track"_s;
        return out;
    }
    out.value = inner / outline;
    out.effective = double(logs.size());
    const double error = robustSigma(logs).value_or(0.0) / std::sqrt(out.effective);
    out.low = *out.value * std::exp(-1.96 * error);
    out.high = *out.value * std::exp(1.96 * error);
    return out;
}

} // namespace fw::coherence
