// SPDX-License-Identifier: GPL-3.0-or-later
#include "dimple_search.h"

#include "media/jpeg.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// A usual table must correlate this much better than the file's own to be believed instead.
constexpr double kClearlyBetter = 0.08;

struct BankEntry
{
    Block expected;
    QString name;
};

std::vector<BankEntry> bank(const std::optional<std::array<std::uint16_t, 64>> &own)
{
    std::vector<BankEntry> entries;
    if (own)
        entries.push_back({expectedDimple(*own), u"the file's own"_s});
    for (const int quality : {98, 95, 90, 85, 80, 75, 60})
        entries.push_back({expectedDimple(ijgTable(quality, false)), u"quality %1"_s.arg(quality)});
    std::array<std::uint16_t, 64> flat;
    flat.fill(2);
    entries.push_back({expectedDimple(flat), u"flat"_s});
    return entries;
}

DimpleMatch match(const Fold &fold, const Block &expected)
{
    DimpleMatch result;
    const double length = std::sqrt(dot(fold.values, fold.values));
    result.amplitude = dot(fold.values, expected);
    result.correlation = length > 0.0 ? result.amplitude / length : 0.0;
    result.deviations = fold.sigma > 0.0 ? result.amplitude / fold.sigma : 0.0;
    result.expected = expected;
    return result;
}

} // namespace

Block turned(const Block &block, int turn)
{
    Block now = block;
    if (turn >= 4) {
        for (int y = 0; y < 8; ++y) {
            for (int x = 0; x < 8; ++x)
                now[std::size_t(y * 8 + x)] = block[std::size_t(y * 8 + 7 - x)];
        }
    }
    for (int i = 0; i < turn % 4; ++i) {
        const Block before = now;
        for (int y = 0; y < 8; ++y) {
            for (int x = 0; x < 8; ++x)
                now[std::size_t(x * 8 + 7 - y)] = before[std::size_t(y * 8 + x)];
        }
    }
    return now;
}

DimpleMatch ownTemplate(const Fold &fold)
{
    Block expected = fold.values;
    const double length = std::sqrt(dot(expected, expected));
    for (float &value : expected)
        value = length > 0.0 ? float(value / length) : 0.0f;
    return match(fold, expected);
}

DimpleMatch matchAtOrigin(const Fold &fold, const std::optional<std::array<std::uint16_t, 64>> &own)
{
    DimpleMatch best;
    bool first = true;
    for (const BankEntry &entry : bank(own)) {
        DimpleMatch now = match(fold, entry.expected);
        now.table = entry.name;
        if (first || std::abs(now.correlation) > std::abs(best.correlation) + (best.table == u"the file's own"_s ? kClearlyBetter : 0.0))
            best = now;
        first = false;
    }
    return best;
}

DimpleMatch matchAnywhere(const Fold &fold, const std::optional<std::array<std::uint16_t, 64>> &own, int *tried)
{
    DimpleMatch best;
    int count = 0;
    for (const BankEntry &entry : bank(own)) {
        for (int turn = 0; turn < 8; ++turn) {
            const Block one = turned(entry.expected, turn);
            for (int phase = 0; phase < 64; ++phase, ++count) {
                const cv::Point at(phase % 8, phase / 8);
                DimpleMatch now = match(fold, shifted(one, at));
                if (std::abs(now.correlation) <= std::abs(best.correlation))
                    continue;
                now.table = entry.name;
                now.turn = turn;
                now.phase = at;
                best = now;
            }
        }
    }
    if (tried)
        *tried = count;
    return best;
}

} // namespace fw
