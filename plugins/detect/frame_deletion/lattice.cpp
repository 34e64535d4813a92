// SPDX-License-Identifier: GPL-3.0-or-later
#include "lattice.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fw {
namespace {

constexpr int kShortest = 5, kLongest = 300; ///< group lengths, frames; encoders' defaults end at 250
constexpr double kPeakShare = 0.25;          ///< of the median of the largest quarter
constexpr int kLeastPeaks = 4;
constexpr int kLeastPoints = 4;              ///< lattice points on each side of a break
constexpr double kAccepted = 2.0;            ///< corrected rarity
constexpr double kBreakGain = 4.0;
constexpr double kContradicts = 4.0;         ///< corrected rarity of a rhythm without a break
constexpr int kPiece = 6000;                 ///< frames

/// Peaks as yes or no, and how likely each frame is to have one by chance.
struct Hits
{
    std::vector<bool> hit;
    std::vector<double> chance; ///< 0: cannot show one
    int count = 0;
};

Hits binarise(const Footprint &print)
{
    std::vector<double> peaks;
    for (const double v : print.values) {
        if (v > 0.0)
            peaks.push_back(v);
    }
    std::sort(peaks.rbegin(), peaks.rend());
    peaks.resize((peaks.size() + 3) / 4);
    Hits hits;
    const std::size_t count = print.values.size();
    hits.hit.assign(count, false);
    hits.chance.assign(count, 0.0);
    const auto high = median(peaks);
    if (!high)
        return hits;
    // P and B pictures have peaks at different rates, and their pattern is as regular as a group.
    double points[2] = {}, found[2] = {};
    const auto kind = [&](std::size_t n) { return print.types[n] == 'B' ? 1 : 0; };
    for (std::size_t n = 0; n < count; ++n) {
        hits.hit[n] = print.usable[n] && print.values[n] > 0.0 && print.values[n] >= kPeakShare * *high;
        hits.count += hits.hit[n];
        points[kind(n)] += print.usable[n];
        found[kind(n)] += hits.hit[n];
    }
    for (std::size_t n = 0; n < count; ++n) {
        const int k = kind(n);
        if (print.usable[n])
            hits.chance[n] = std::max(found[k], 1.0) / std::max(points[k], 1.0);
    }
    return hits;
}

/// Sums along each phase of one group length, over a range of frames.
struct PhaseSums
{
    std::vector<int> hits, points;
    std::vector<double> chance;

    explicit PhaseSums(int length)
        : hits(std::size_t(length))
        , points(std::size_t(length))
        , chance(std::size_t(length))
    {
    }
    void add(const Hits &all, int n, int sign)
    {
        const std::size_t p = std::size_t(n) % hits.size();
        hits[p] += all.hit[std::size_t(n)] ? sign : 0;
        points[p] += all.chance[std::size_t(n)] > 0.0 ? sign : 0;
        chance[p] += sign * all.chance[std::size_t(n)];
    }
    double rarity(std::size_t p) const
    {
        return points[p] > 0 ? hitRarity(points[p], hits[p], chance[p] / points[p]) : 0.0;
    }
    /// The rarest phase and the rarest other one.
    struct Best
    {
        int phase = -1;
        double rarity = 0.0;
    };
    std::pair<Best, Best> bestTwo(int leastPoints) const
    {
        Best first, second;
        for (std::size_t p = 0; p < hits.size(); ++p) {
            if (hits[p] < 2 || points[p] < leastPoints)
                continue;
            const Best one{int(p), rarity(p)};
            if (one.rarity > first.rarity) {
                second = first;
                first = one;
            } else if (one.rarity > second.rarity) {
                second = one;
            }
        }
        return {first, second};
    }
    Lattice lattice(const Best &best) const
    {
        const auto p = std::size_t(best.phase);
        return {int(hits.size()), best.phase, best.rarity, points[p], hits[p]};
    }
};

struct Split
{
    double rarity = 0.0;
    int at = 0; ///< first frame of the right part
    Lattice left, right;
};

struct RangeSearch
{
    Lattice one;
    Split two;
};

/// Both models over frames [begin, end).
RangeSearch searchRange(const Hits &hits, int begin, int end, const std::stop_token &stop)
{
    RangeSearch best;
    const int count = end - begin;
    std::vector<int> places;
    for (int n = begin; n < end; ++n) {
        if (hits.hit[std::size_t(n)])
            places.push_back(n);
    }
    for (int length = kShortest; length <= std::min(count / 4, kLongest) && !stop.stop_requested();
         ++length) {
        PhaseSums left(length), right(length);
        for (int n = begin; n < end; ++n)
            right.add(hits, n, 1);
        if (const auto whole = right.bestTwo(1).first; whole.rarity > best.one.rarity)
            best.one = right.lattice(whole);
        int reached = begin;
        for (std::size_t i = 0; i + 1 < places.size(); ++i) {
            const int split = places[i] + 1; // behind a hit: no better place up to the next one
            for (; reached < split; ++reached) {
                left.add(hits, reached, 1);
                right.add(hits, reached, -1);
            }
            if (split - begin < 2 * length || end - split < 2 * length)
                continue;
            const auto [l1, l2] = left.bestTwo(2);
            const auto [r1, r2] = right.bestTwo(2);
            const auto take = [&](const PhaseSums::Best &l, const PhaseSums::Best &r) {
                if (l.phase < 0 || r.phase < 0 || l.phase == r.phase)
                    return;
                if (l.rarity + r.rarity > best.two.rarity)
                    best.two = {l.rarity + r.rarity, split, left.lattice(l), right.lattice(r)};
            };
            take(l1, r1);
            take(l1, r2);
            take(l2, r1);
        }
    }
    return best;
}

/// What the number of hypotheses tried takes away.
double correctionOne(int count)
{
    return std::max(0.0, std::log10(double(count) * count / 32.0));
}

double correctionTwo(int count)
{
    return correctionOne(count) + std::log10(count / 2.0) + std::log10(count / 4.0);
}

/// Frames between the last peak on the old beat and the first on the new one.
FrameRange intervalOf(const Hits &hits, const Split &split, int begin, int end)
{
    int from = begin, to = end - 1;
    for (int n = begin; n < split.at; ++n) {
        if (hits.hit[std::size_t(n)] && n % split.left.length == split.left.phase)
            from = n;
    }
    for (int n = end - 1; n >= split.at; --n) {
        if (hits.hit[std::size_t(n)] && n % split.right.length == split.right.phase)
            to = n;
    }
    return {from, to + 1};
}

/// Where a range falls into two beats of one length.
struct Cut
{
    int at = 0;
    int length = 0;
    double gain = 0.0;
};

void findCuts(const Hits &hits, int begin, int end, const std::stop_token &stop, int depth,
              std::vector<Cut> *cuts)
{
    if (stop.stop_requested() || end - begin < 4 * kLeastPoints || depth > 6)
        return;
    const RangeSearch found = searchRange(hits, begin, end, stop);
    const Split &two = found.two;
    const double gain = two.rarity - found.one.rarity;
    if (gain < kBreakGain || two.rarity - correctionTwo(end - begin) < kAccepted)
        return;
    cuts->push_back({two.at, two.left.length, gain});
    findCuts(hits, begin, two.at, stop, depth + 1, cuts);
    findCuts(hits, two.at, end, stop, depth + 1, cuts);
}

Lattice bestOf(const Hits &hits, int begin, int end, int length)
{
    PhaseSums sums(length);
    for (int n = begin; n < end; ++n)
        sums.add(hits, n, 1);
    const auto best = sums.bestTwo(1).first;
    return best.phase < 0 ? Lattice{} : sums.lattice(best);
}

/// Breaks between neighbouring cuts, each measured on its own two sides: a side that was searched
/// as a whole may still have held another break.
std::vector<PhaseBreak> breaksIn(const Hits &hits, int begin, int end, const std::stop_token &stop)
{
    std::vector<Cut> cuts;
    findCuts(hits, begin, end, stop, 0, &cuts);
    std::sort(cuts.begin(), cuts.end(), [](const Cut &a, const Cut &b) { return a.at < b.at; });
    std::vector<PhaseBreak> breaks;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
        const int from = i > 0 ? cuts[i - 1].at : begin;
        const int to = i + 1 < cuts.size() ? cuts[i + 1].at : end;
        Split split;
        split.at = cuts[i].at;
        split.left = bestOf(hits, from, split.at, cuts[i].length);
        split.right = bestOf(hits, split.at, to, cuts[i].length);
        if (split.left.length == 0 || split.right.length == 0 || split.left.phase == split.right.phase)
            continue;
        const int length = cuts[i].length;
        const int removed = ((split.left.phase - split.right.phase) % length + length) % length;
        breaks.push_back({intervalOf(hits, split, from, to), split.left, split.right, removed, cuts[i].gain});
    }
    return breaks;
}

} // namespace

double hitRarity(double points, double hits, double chance)
{
    if (points <= 0.0 || hits <= points * chance || chance <= 0.0 || chance >= 1.0)
        return 0.0;
    const double share = std::min(1.0, hits / points);
    if (share >= 1.0)
        return -points * std::log10(chance);
    const double tilt = std::log(share * (1.0 - chance) / ((1.0 - share) * chance));
    const double divergence = share * std::log(share / chance)
        + (1.0 - share) * std::log((1.0 - share) / (1.0 - chance));
    const double spread = std::sqrt(2.0 * std::numbers::pi * points * share * (1.0 - share));
    return std::max(0.0, (points * divergence + std::log((1.0 - std::exp(-tilt)) * spread))
                             / std::numbers::ln10);
}

LatticeSearch searchLattice(const Footprint &print, std::stop_token stop)
{
    LatticeSearch search;
    const Hits hits = binarise(print);
    search.peaks = hits.count;
    const int count = int(print.values.size());
    if (hits.count < kLeastPeaks || count < 4 * kShortest)
        return search;
    for (int begin = 0; begin < count; begin += kPiece / 2) {
        const int end = std::min(count, begin + kPiece);
        const RangeSearch found = searchRange(hits, begin, end, stop);
        const double one = found.one.rarity - correctionOne(end - begin);
        const double two = found.two.rarity - correctionTwo(end - begin);
        if (one > search.correctedOne || search.oneBeat <= 0.0) {
            search.oneBeat = found.one.rarity;
            search.correctedOne = one;
            if (one >= kAccepted)
                search.lattice = found.one;
        }
        if (two > search.correctedTwo || search.twoBeats <= 0.0) {
            search.twoBeats = found.two.rarity;
            search.correctedTwo = two;
        }
        for (PhaseBreak &one : breaksIn(hits, begin, end, stop)) {
            const bool known = std::any_of(search.breaks.begin(), search.breaks.end(), [&](const auto &b) {
                return b.where.begin < one.where.end && one.where.begin < b.where.end;
            });
            if (!known)
                search.breaks.push_back(std::move(one));
        }
        if (end == count)
            break;
    }
    std::sort(search.breaks.begin(), search.breaks.end(), [](const PhaseBreak &a, const PhaseBreak &b) {
        return a.where.begin < b.where.begin;
    });
    if (!search.breaks.empty())
        search.lattice = search.breaks.front().before;
    return search;
}

int clearerSearch(LatticeSearch *first, LatticeSearch *second)
{
    const auto contradicts = [](const LatticeSearch &whole, const LatticeSearch &broken) {
        return whole.breaks.empty() && whole.lattice && whole.correctedOne >= kContradicts
            && whole.correctedOne > broken.correctedTwo;
    };
    const bool firstBreaks = !first->breaks.empty() && !contradicts(*second, *first);
    const bool secondBreaks = !second->breaks.empty() && !contradicts(*first, *second);
    if (!firstBreaks)
        first->breaks.clear();
    if (!secondBreaks)
        second->breaks.clear();
    if (firstBreaks && secondBreaks)
        return second->correctedTwo > first->correctedTwo;
    if (firstBreaks != secondBreaks)
        return secondBreaks;
    return second->correctedOne > first->correctedOne;
}

} // namespace fw
