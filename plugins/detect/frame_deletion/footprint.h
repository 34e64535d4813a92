// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "media/coding.h"

#include <optional>
#include <vector>

namespace fw {

/// What the footprint needs of one picture, in display order.
struct CodedPicture
{
    char type = '?';                            ///< I, P, B or ?
    std::optional<MacroblockCounts> macroblocks; ///< nullopt: not told
    int bytes = 0;                              ///< of its packet
};

/// Variation of the prediction footprint: how much more intra and how much fewer skipped
/// macroblocks a P picture has than the P pictures around it. A picture that was a key frame of an
/// earlier encoding stands out, because its noise is not that of the picture before.
/// Source: Vázquez-Padín et al., WIFS 2012; for B pictures IEEE TIFS 15:1815-1830, 2020.
struct Footprint
{
    std::vector<double> values; ///< per frame; 0 where there is no peak
    /// Frames that could show a peak: predicted, with counts, and not right behind an intra picture,
    /// where this encoding's own groups would make a rhythm.
    std::vector<bool> usable;
    std::vector<char> types;    ///< picture types, for the chance of a peak by type
};

/// Intra pictures are passed over; the peak of a P picture behind B pictures moves to the first of
/// these that is predicted from behind more than from before. Any thread.
Footprint predictionFootprint(const std::vector<CodedPicture> &pictures);

/// The same by what the pictures cost: how much larger a P picture is than the P pictures around it, as the
/// logarithm of the ratio. What is predicted badly has to be stored, even where no block changes its type.
/// No peaks in streams with B pictures: there the coder's own cadence decides how large P pictures are.
/// Source of the idea: prediction error of P pictures, Stamm, Lin, Liu, IEEE TIFS 7(4):1315-1329, 2012.
Footprint sizeFootprint(const std::vector<CodedPicture> &pictures);

/// Group length of the first encoding by the weight of peaks on its multiples.
struct GroupEstimate
{
    int length = 0;     ///< frames
    double score = 0.0; ///< phi over the highest peak; single encodings stay below 1.5
};

/// Candidates are common divisors of the places of two peaks. Assumes that the first encoding began
/// with the first frame. nullopt with fewer than two peaks.
/// Source: the same papers; penalty for empty multiples 0.1.
std::optional<GroupEstimate> firstGroupLength(const std::vector<double> &footprint);

} // namespace fw
