// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>

#include <span>
#include <vector>

namespace fw {

/// Pieces of a curve between gaps. A piece of one point is a lone measurement.
using CurvePieces = std::vector<std::vector<QPointF>>;

/// Thins a curve for the screen without losing a spike: each column keeps its first, lowest, highest
/// and last value. Not-a-number ends a piece. One point on either side of the range is kept,
/// so that lines run to the edge.
/// @param x  ascending, as long as y.  @param columns  px that the range low..high covers.
/// @return at most 4 points per column (plus the two outside) when the data is denser than that,
///         otherwise every point of the range.
CurvePieces decimateCurve(std::span<const double> x, std::span<const double> y, double low,
                          double high, int columns);

/// A band between two curves, thinned so that it never gets narrower: lowest lower, highest upper.
struct BandPiece
{
    std::vector<QPointF> lower, upper; ///< equally long, same x
};
std::vector<BandPiece> decimateBand(std::span<const double> x, std::span<const double> lower,
                                    std::span<const double> upper, double low, double high,
                                    int columns);

std::size_t pointCount(const CurvePieces &pieces);

} // namespace fw
