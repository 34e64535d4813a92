// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/decimate.h"

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

struct Span
{
    std::size_t begin = 0, end = 0;
};

/// The samples of low..high and one on either side.
Span visible(std::span<const double> x, std::size_t count, double low, double high)
{
    const auto first = x.begin(), last = x.begin() + std::ptrdiff_t(count);
    auto begin = std::lower_bound(first, last, low);
    auto end = std::upper_bound(begin, last, high);
    if (begin != first)
        --begin;
    if (end != last)
        ++end;
    return {std::size_t(begin - first), std::size_t(end - first)};
}

std::int64_t columnOf(double x, double low, double high, int columns)
{
    if (x < low)
        return -1;
    if (x > high)
        return columns;
    return std::min<std::int64_t>(columns - 1, std::int64_t((x - low) / (high - low) * columns));
}

} // namespace

CurvePieces decimateCurve(std::span<const double> x, std::span<const double> y, double low,
                          double high, int columns)
{
    CurvePieces pieces;
    const std::size_t count = std::min(x.size(), y.size());
    if (count == 0 || !(high > low) || columns < 1)
        return pieces;
    const Span part = visible(x, count, low, high);
    const bool dense = part.end - part.begin > std::size_t(columns) * 4;

    std::vector<QPointF> piece;
    // The samples of the column being filled, by place; equal places are written once.
    std::size_t first = 0, least = 0, most = 0, last = 0;
    std::int64_t column = 0;
    bool open = false;
    const auto flush = [&] {
        if (!open)
            return;
        std::size_t keep[4] = {first, least, most, last};
        std::sort(std::begin(keep), std::end(keep));
        for (int i = 0; i < 4; ++i) {
            if (i == 0 || keep[i] != keep[i - 1])
                piece.emplace_back(x[keep[i]], y[keep[i]]);
        }
        open = false;
    };
    for (std::size_t i = part.begin; i < part.end; ++i) {
        if (!std::isfinite(y[i])) {
            flush();
            if (!piece.empty())
                pieces.push_back(std::exchange(piece, {}));
            continue;
        }
        if (!dense) {
            piece.emplace_back(x[i], y[i]);
            continue;
        }
        const std::int64_t here = columnOf(x[i], low, high, columns);
        if (open && here == column) {
            least = y[i] < y[least] ? i : least;
            most = y[i] > y[most] ? i : most;
            last = i;
            continue;
        }
        flush();
        open = true;
        column = here;
        first = least = most = last = i;
    }
    flush();
    if (!piece.empty())
        pieces.push_back(std::move(piece));
    return pieces;
}

std::vector<BandPiece> decimateBand(std::span<const double> x, std::span<const double> lower,
                                    std::span<const double> upper, double low, double high,
                                    int columns)
{
    std::vector<BandPiece> pieces;
    const std::size_t count = std::min({x.size(), lower.size(), upper.size()});
    if (count == 0 || !(high > low) || columns < 1)
        return pieces;
    const Span part = visible(x, count, low, high);
    const bool dense = part.end - part.begin > std::size_t(columns) * 2;
    BandPiece piece;
    std::int64_t column = 0;
    for (std::size_t i = part.begin; i < part.end; ++i) {
        if (!std::isfinite(lower[i]) || !std::isfinite(upper[i])) {
            if (!piece.lower.empty())
                pieces.push_back(std::exchange(piece, {}));
            continue;
        }
        const std::int64_t here = columnOf(x[i], low, high, columns);
        if (dense && !piece.lower.empty() && here == column) {
            piece.lower.back().setY(std::min(piece.lower.back().y(), lower[i]));
            piece.upper.back().setY(std::max(piece.upper.back().y(), upper[i]));
            continue;
        }
        column = here;
        piece.lower.emplace_back(x[i], lower[i]);
        piece.upper.emplace_back(x[i], upper[i]);
    }
    if (!piece.lower.empty())
        pieces.push_back(std::move(piece));
    return pieces;
}

std::size_t pointCount(const CurvePieces &pieces)
{
    std::size_t total = 0;
    for (const auto &piece : pieces)
        total += piece.size();
    return total;
}

} // namespace fw
