// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "footprint.h"

#include <stop_token>

namespace fw {

/// A rhythm of peaks: frames `phase`, `phase` + `length`, ...
struct Lattice
{
    int length = 0;
    int phase = 0;     ///< 0 .. length - 1, of the whole clip's frame numbers
    double rarity = 0.0; ///< -log10 of the chance of as many hits, before correction
    int points = 0;    ///< places that could show a peak
    int hits = 0;
};

/// The rhythm goes on from here on a beat of its own: frames were taken out or put in.
struct PhaseBreak
{
    FrameRange where;        ///< from the last peak of the old beat to the first of the new one
    Lattice before, after;
    int removedModulo = 0;   ///< removed = this (mod length), or inserted = length - this
    double gain = 0.0;       ///< T2 - T1, powers of ten
};

struct LatticeSearch
{
    int peaks = 0;
    std::optional<Lattice> lattice;   ///< accepted, over the whole clip or before the first break
    double oneBeat = 0.0;             ///< best T1 before correction
    double twoBeats = 0.0;            ///< best T2 before correction
    double correctedOne = 0.0, correctedTwo = 0.0;
    std::vector<PhaseBreak> breaks;   ///< ascending
};

/// Which of two searches over the same frames tells more, 0 or 1: the one with the clearer break, or without
/// breaks the one with the clearer rhythm. A break that the other contradicts by a rhythm that is clearer and
/// runs through does not count; when no break is left, `breaks` of the search that is returned says so.
int clearerSearch(LatticeSearch *first, LatticeSearch *second);

/// -log10 P[Bin(points, chance) >= hits] (Bahadur and Rao's approximation; exact at hits = points).
double hitRarity(double points, double hits, double chance);

/// Looks for the rhythm of an earlier encoding and for breaks in it. Long clips are searched in
/// overlapping pieces. Empty when stopped. Any thread.
LatticeSearch searchLattice(const Footprint &print, std::stop_token stop = {});

} // namespace fw
