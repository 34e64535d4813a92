// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dimple_fold.h"

#include <QString>

#include <optional>

namespace fw {

/// How well a fold looks like a dimple that a coder with given steps would leave.
struct DimpleMatch
{
    double correlation = 0.0;  ///< -1..1; negative: rounded down, dark
    double amplitude = 0.0;    ///< length of the fold along the template, grey levels; signed
    double deviations = 0.0;   ///< amplitude over its scatter
    cv::Point phase;           ///< px, 0..7
    int turn = 0;              ///< 0..7: quarter turns clockwise, + 4 when mirrored before
    QString table;             ///< "the file's own", "quality 90", "flat"
    Block expected{};          ///< the template as it lies in the picture, unit length
};

/// The table of the file at the grid's origin, then the bank of usual tables there: what a JPEG that
/// was not cropped must show. The own table wins unless another is clearly better.
DimpleMatch matchAtOrigin(const Fold &fold, const std::optional<std::array<std::uint16_t, 64>> &own);

/// The best of 64 phases, 8 turns and the bank; `tried` receives how many that were.
DimpleMatch matchAnywhere(const Fold &fold, const std::optional<std::array<std::uint16_t, 64>> &own, int *tried);

/// The fold itself as the template, for comparing places of one picture with the whole of it.
DimpleMatch ownTemplate(const Fold &fold);

/// A block turned as a picture would be, see DimpleMatch::turn.
Block turned(const Block &block, int turn);

} // namespace fw
