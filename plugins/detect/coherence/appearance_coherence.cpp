// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"

#include "base/numbers.h"
#include "faces/corneal_highlights.h"
#include "faces/face_likeness.h"
#include "stats/permutation.h"
#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

constexpr double kHigh = 0.95;          // the quantile that stands for a clip: a peak would be one bad look
constexpr std::size_t kFewestSeams = 20, kFewestLooks = 30, kFewestDetails = 10;
constexpr double kQuiet = 0.25;         // of the looks into a mouth: one that flickers does so while it is held still, too
constexpr double kMostTurn = 25.0;      // degrees, of a look that is compared
constexpr double kWindowSeconds = 3.0;
constexpr std::size_t kFewestWindows = 4;

/// The look with the greatest likeness to all others together.
const FaceMark &usualLook(const std::vector<const FaceMark *> &looks)
{
    std::array<double, 64> sum{};
    for (const FaceMark *look : looks)
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += double((*look)[i]);
    const auto toAll = [&](const FaceMark *look) {
        double s = 0.0;
        for (std::size_t i = 0; i < sum.size(); ++i)
            s += sum[i] * double((*look)[i]);
        return s;
    };
    return **std::max_element(looks.begin(), looks.end(), [&](const FaceMark *a, const FaceMark *b) { return toAll(a) < toAll(b); });
}

/// Median of the values of each whole second.
std::vector<double> bySecond(const CoherenceTrack &track, const std::vector<double> &values)
{
    std::vector<double> out;
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        std::vector<double> part;
        for (std::size_t i = begin; i < end; ++i)
            if (std::isfinite(values[i]))
                part.push_back(values[i]);
        out.push_back(median(part).value_or(kMissing));
    }
    return out;
}

std::vector<double> measured(const std::vector<double> &values)
{
    std::vector<double> out;
    std::copy_if(values.begin(), values.end(), std::back_inserter(out), [](double v) { return std::isfinite(v); });
    return out;
}

/// A quantile of what was measured; three neighbouring looks stay together in its interval.
void setQuantile(CoherenceValue &out, const CoherenceTrack &track, const std::vector<double> &values, double level, std::uint64_t seed)
{
    const std::vector<double> known = measured(values);
    out.value = quantile(known, level);
    out.effective = double(known.size());
    out.perSecond = bySecond(track, values);
    const auto drawn = blockBootstrap(known.size(), 3, 300, seed, [&](const std::vector<std::size_t> &take) {
        std::vector<double> part;
        for (const std::size_t i : take)
            part.push_back(known[i]);
        return quantile(part, level);
    });
    out.low = quantile(drawn, 0.025);
    out.high = quantile(drawn, 0.975);
}

} // namespace

CoherenceValue highlightsOfEyes(const CoherenceTrack &track, const CoherenceSignals &s, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::E6;
    if (measured(s.highlights).size() >= kFewestDetails) {
        setQuantile(out, track, s.highlights, 0.5, seed);
        return out;
    }
    std::vector<double> radii;
    for (const BehaviourRow &row : track.rows)
        radii.push_back(0.5 * (row.irisRadius[0] + row.irisRadius[1]));
    const auto usual = median(measured(radii));
    if (usual && *usual < double(kHighlightIrisRadius))
        out.reason = u"needs irises of %1 px radius; here they have %2"_s.arg(double(kHighlightIrisRadius)).arg(*usual, 0, 'f', 1);
    else
        out.reason = u"needs %1 looks at a face from the front with highlights in its eyes"_s.arg(kFewestDetails);
    return out;
}

CoherenceValue insideOfMouth(const CoherenceTrack &track, const CoherenceSignals &s, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::M4;
    if (measured(s.mouth).size() >= kFewestDetails)
        setQuantile(out, track, s.mouth, kQuiet, seed);
    else
        out.reason = u"needs %1 looks into an open mouth in a sharp picture"_s.arg(kFewestDetails);
    return out;
}

CoherenceValue seamOfFace(const CoherenceTrack &track)
{
    CoherenceValue out;
    out.id = CoherenceId::S2;
    std::vector<double> seams;
    for (const BehaviourRow &row : track.rows)
        seams.push_back(row.seam);
    const std::vector<double> known = measured(seams);
    if (known.size() < kFewestSeams) {
        out.reason = u"needs %1 looks at the flow around the face"_s.arg(kFewestSeams);
        return out;
    }
    out.value = quantile(known, kHigh);
    out.effective = double(known.size());
    out.perSecond = bySecond(track, seams);
    return out;
}

CoherenceValue identityDrift(const CoherenceTrack &track, std::uint64_t seed)
{
    CoherenceValue out;
    out.id = CoherenceId::I1;
    std::vector<const FaceMark *> looks;
    std::vector<double> apart(track.rows.size(), kMissing);
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < track.rows.size(); ++i) {
        const BehaviourRow &row = track.rows[i];
        if (row.mark && std::abs(row.turn[1]) < kMostTurn && std::abs(row.turn[0]) < kMostTurn) {
            looks.push_back(&*row.mark);
            at.push_back(i);
        }
    }
    if (looks.size() < kFewestLooks) {
        out.reason = u"needs %1 looks at a face that is turned by less than %2\u00b0"_s.arg(kFewestLooks).arg(kMostTurn);
        return out;
    }
    const FaceMark &usual = usualLook(looks);
    for (std::size_t k = 0; k < looks.size(); ++k)
        apart[at[k]] = 1.0 - likeness(*looks[k], usual);
    out.value = quantile(measured(apart), kHigh);
    out.effective = double(looks.size());
    out.perSecond = bySecond(track, apart);

    std::vector<std::vector<double>> windows;
    const std::size_t rows = std::size_t(std::max(1.0, kWindowSeconds * track.rate));
    for (std::size_t k = 0; k < looks.size();) {
        const std::size_t window = at[k] / rows;
        std::vector<double> mean(usual.size(), 0.0);
        std::size_t count = 0;
        for (; k < looks.size() && at[k] / rows == window; ++k, ++count)
            for (std::size_t i = 0; i < mean.size(); ++i)
                mean[i] += double((*looks[k])[i]);
        for (double &v : mean)
            v /= double(count);
        windows.push_back(std::move(mean));
    }
    if (windows.size() >= kFewestWindows)
        out.nullChance = trendChance(windows, seed);
    return out;
}

} // namespace fw::coherence
