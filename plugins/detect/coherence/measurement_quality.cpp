// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"

#include "base/numbers.h"
#include "faces/action_units.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::coherence {

namespace {

constexpr double kLeastAgreement = 0.2; // correlation of two measures of one thing
constexpr std::size_t kWindowSeconds = 5;
constexpr double kMostQualityRms = 0.05;
constexpr double kEyeGate = 18.0, kYawGate = 25.0;

std::size_t unitAt(int unit)
{
    return std::size_t(std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit) - kIntensityUnits.begin());
}

/// Least pairwise correlation in every window in which the first measure moves by `moves` or more;
/// flags the windows where it is too low.
CoherenceValue agreement(CoherenceId id, const CoherenceTrack &track, const std::vector<std::vector<double>> &measures, double moves,
                         std::vector<bool> &flags)
{
    CoherenceValue out;
    out.id = id;
    const std::size_t seconds = wholeSeconds(track);
    out.perSecond.assign(seconds, kMissing);
    std::vector<double> found;
    for (std::size_t second = 0; second < seconds; second += kWindowSeconds) {
        const std::size_t begin = rowsOfSecond(track, second).first;
        const std::size_t last = std::min(seconds, second + kWindowSeconds);
        const std::size_t end = rowsOfSecond(track, last - 1).second;
        std::vector<std::vector<double>> parts;
        for (const auto &m : measures)
            parts.emplace_back(m.begin() + std::ptrdiff_t(begin), m.begin() + std::ptrdiff_t(end));
        const auto high = quantile(parts.front(), 0.97), low = quantile(parts.front(), 0.03);
        if (!high || *high - *low < moves)
            continue; // noise alone does not correlate
        double least = 1.0;
        for (std::size_t a = 0; a < parts.size(); ++a) {
            for (std::size_t b = a + 1; b < parts.size(); ++b)
                least = std::min(least, correlation(parts[a], parts[b]).value_or(0.0));
        }
        found.push_back(least);
        std::fill(out.perSecond.begin() + std::ptrdiff_t(second), out.perSecond.begin() + std::ptrdiff_t(last), least);
        if (least < kLeastAgreement)
            std::fill(flags.begin() + std::ptrdiff_t(begin), flags.begin() + std::ptrdiff_t(end), true);
    }
    out.value = median(found);
    out.effective = double(found.size());
    if (!out.value)
        out.reason = u"nothing moves enough to compare"_s;
    return out;
}

} // namespace

CoherenceValue lidAgreement(const CoherenceTrack &track, CoherenceWithdrawn &withdrawn)
{
    std::vector<double> openness, aspect, lowered;
    for (const BehaviourRow &row : track.rows) {
        openness.push_back(0.5 * (row.openness[0] + row.openness[1]));
        aspect.push_back(0.5 * (row.aspect[0] + row.aspect[1]));
        lowered.push_back(-row.units[unitAt(45)]);
    }
    return agreement(CoherenceId::A1, track, {openness, aspect, lowered}, 0.3, withdrawn.eyes);
}

CoherenceValue lipAgreement(const CoherenceTrack &track, CoherenceWithdrawn &withdrawn)
{
    std::vector<double> gap, parted;
    for (const BehaviourRow &row : track.rows) {
        gap.push_back(row.lipGap);
        parted.push_back(row.units[unitAt(25)]);
    }
    return agreement(CoherenceId::A2, track, {gap, parted}, 0.06, withdrawn.mouth);
}

CoherenceValue fitQuality(const CoherenceTrack &track, CoherenceWithdrawn &withdrawn)
{
    CoherenceValue out;
    out.id = CoherenceId::A3;
    std::vector<double> all;
    for (std::size_t second = 0; second < wholeSeconds(track); ++second) {
        const auto [begin, end] = rowsOfSecond(track, second);
        std::vector<double> part;
        for (std::size_t i = begin; i < end; ++i)
            part.push_back(track.rows[i].poseRms);
        out.perSecond.push_back(median(part).value_or(kMissing));
        all.push_back(out.perSecond.back());
        if (all.back() > kMostQualityRms)
            std::fill(withdrawn.all.begin() + std::ptrdiff_t(begin), withdrawn.all.begin() + std::ptrdiff_t(end), true);
    }
    out.value = median(all);
    out.effective = double(measuredCount(all));
    if (!out.value)
        out.reason = u"no head was followed"_s;
    return out;
}

CoherenceSignals signalsOf(const CoherenceTrack &track, const CoherenceWithdrawn &withdrawn)
{
    CoherenceSignals s;
    std::vector<double> eyeYaw, headYaw;
    for (std::size_t i = 0; i < track.rows.size(); ++i) {
        const BehaviourRow &row = track.rows[i];
        const bool all = withdrawn.all[i];
        const bool eyes = !all && !withdrawn.eyes[i] && std::abs(row.turn[1]) < kYawGate;
        const bool wide = eyes && std::min(row.eyeWidth[0], row.eyeWidth[1]) >= kEyeGate;
        const bool mouth = !all && !withdrawn.mouth[i];
        const auto push = [](std::vector<double> &to, bool use, double value) { to.push_back(use ? value : kMissing); };
        push(s.lidLeft, wide, row.openness[0]);
        push(s.lidRight, wide, row.openness[1]);
        push(s.gazeUpLeft, eyes, row.irisAt[0][1]);
        push(s.gazeUpRight, eyes, row.irisAt[1][1]);
        push(s.gazeSideLeft, eyes, row.irisAt[0][0]);
        push(s.gazeSideRight, eyes, row.irisAt[1][0]);
        push(s.highlights, eyes, row.highlights);
        push(eyeYaw, eyes, -0.5 * (row.irisAt[0][0] + row.irisAt[1][0])); // the sign of the head's yaw
        push(headYaw, !all, row.turn[1]);
        push(s.lipGap, mouth, row.lipGap);
        push(s.jawDrop, mouth, row.jawDrop);
        push(s.lipWidth, mouth, row.lipWidth);
        push(s.smile, mouth, row.units[unitAt(12)]);
        push(s.mouth, mouth, row.mouth);
    }
    const std::size_t step = std::max<std::size_t>(1, std::size_t(std::lround(0.07 * track.rate)));
    const auto speed = [&](const std::vector<double> &angle) {
        std::vector<double> out(angle.size(), kMissing);
        for (std::size_t i = step; i + step < angle.size(); ++i)
            out[i] = (angle[i + step] - angle[i - step]) * track.rate / double(2 * step);
        return out;
    };
    s.eyeSpeed = speed(eyeYaw);
    s.headSpeed = speed(headYaw);
    return s;
}

} // namespace fw::coherence
