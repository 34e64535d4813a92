// SPDX-License-Identifier: GPL-3.0-or-later
#include "footprint.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace fw {
namespace {

constexpr double kEmptyPenalty = 0.1;
constexpr int kShortestGroup = 5;
constexpr int kLeastBytes = 64; ///< of a packet; smaller ones hold little but their header
/// Pairs of all peaks of a long clip would be too many; the highest ones suffice.
constexpr std::size_t kMostPeaks = 200;

/// Where the peak of the P picture `p` belongs when `run` B pictures stand before it.
std::size_t movedPeak(const std::vector<CodedPicture> &pictures, std::size_t p, std::size_t run)
{
    const auto lean = [&](std::size_t n) {
        const auto &blocks = pictures[n].macroblocks;
        return blocks ? blocks->backward - blocks->forward : 0;
    };
    std::size_t best = p;
    int bestChange = 0;
    for (std::size_t n = p - run; n < p; ++n) {
        const int change = lean(n) - (n > p - run ? lean(n - 1) : 0);
        if (lean(n) > 0 && change > bestChange) {
            bestChange = change;
            best = n;
        }
    }
    return best;
}

double phiOf(const std::vector<double> &v, int c, double most)
{
    std::vector<double> sums(std::size_t(c), 0.0);
    int empty = 0;
    for (std::size_t n = 0; n < v.size(); ++n) {
        sums[n % std::size_t(c)] += v[n];
        empty += n > 0 && n % std::size_t(c) == 0 && v[n] <= 0.0;
    }
    const double other = *std::max_element(sums.begin() + 1, sums.end());
    return sums[0] - kEmptyPenalty * most * empty - other;
}

} // namespace

namespace {

/// @param peak  value of the second of three P pictures in a row; 0 and less: no peak.
template <class Peak> Footprint footprintOf(const std::vector<CodedPicture> &pictures, const Peak &peak)
{
    Footprint print;
    print.values.assign(pictures.size(), 0.0);
    print.usable.assign(pictures.size(), false);
    print.types.reserve(pictures.size());
    std::vector<std::size_t> predicted;
    for (std::size_t n = 0; n < pictures.size(); ++n) {
        print.types.push_back(pictures[n].type);
        const bool told = pictures[n].macroblocks.has_value();
        print.usable[n] = told && (pictures[n].type == 'P' || pictures[n].type == 'B');
        if (told && pictures[n].type == 'P')
            predicted.push_back(n);
    }
    for (std::size_t j = 1; j + 1 < predicted.size(); ++j) {
        const std::size_t n = predicted[j];
        std::size_t run = 0;
        while (run < n && pictures[n - 1 - run].type == 'B')
            ++run;
        if (run < n && pictures[n - 1 - run].type == 'I') {
            print.usable[n] = false; // predicted from an intra picture: another kind of P picture
            continue;
        }
        const double value = peak(pictures[predicted[j - 1]], pictures[n], pictures[predicted[j + 1]]);
        if (value > 0.0)
            print.values[movedPeak(pictures, n, run)] = value;
    }
    return print;
}

} // namespace

Footprint predictionFootprint(const std::vector<CodedPicture> &pictures)
{
    return footprintOf(pictures, [](const CodedPicture &before, const CodedPicture &here, const CodedPicture &after) {
        const MacroblockCounts &a = *before.macroblocks, &b = *here.macroblocks, &c = *after.macroblocks;
        const double i0 = b.intra - a.intra, i1 = b.intra - c.intra;
        const double s0 = a.skipped - b.skipped, s1 = c.skipped - b.skipped;
        return i0 > 0.0 && i1 > 0.0 && s0 > 0.0 && s1 > 0.0 ? i0 * s0 + i1 * s1 : 0.0;
    });
}

Footprint sizeFootprint(const std::vector<CodedPicture> &pictures)
{
    if (std::any_of(pictures.begin(), pictures.end(), [](const CodedPicture &p) { return p.type == 'B'; }))
        return footprintOf(pictures, [](const auto &...) { return 0.0; });
    return footprintOf(pictures, [](const CodedPicture &before, const CodedPicture &here, const CodedPicture &after) {
        const double most = std::max({before.bytes, after.bytes, kLeastBytes});
        return std::log(std::max(double(here.bytes), double(kLeastBytes)) / most);
    });
}

std::optional<GroupEstimate> firstGroupLength(const std::vector<double> &footprint)
{
    std::vector<std::size_t> peaks;
    for (std::size_t n = 0; n < footprint.size(); ++n) {
        if (footprint[n] > 0.0)
            peaks.push_back(n);
    }
    if (peaks.size() < 2)
        return std::nullopt;
    std::sort(peaks.begin(), peaks.end(),
              [&](std::size_t a, std::size_t b) { return footprint[a] > footprint[b]; });
    peaks.resize(std::min(peaks.size(), kMostPeaks));
    const double most = footprint[peaks.front()];
    std::set<int> candidates;
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        for (std::size_t k = i + 1; k < peaks.size(); ++k) {
            const int c = int(std::gcd(peaks[i], peaks[k]));
            if (c > kShortestGroup)
                candidates.insert(c);
        }
    }
    std::optional<GroupEstimate> best;
    for (const int c : candidates) {
        const double score = phiOf(footprint, c, most) / most;
        if (!best || score > best->score)
            best = GroupEstimate{c, score};
    }
    return best;
}

} // namespace fw
