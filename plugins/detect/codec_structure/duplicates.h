// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/ledger.h"

#include <vector>

namespace fw {

/// A stretch of frames whose decoded planes occur once more, bit for bit and in the same order.
struct DuplicateRun
{
    FrameRange original;
    FrameRange copy;
    std::int64_t distinct = 0; ///< different pictures in it
    bool loop = false;         ///< the stretch repeats at least twice more: an animation or a test card
};

/// Consecutive identical frames.
struct FrozenRun
{
    FrameRange range;
};

struct Duplicates
{
    bool measured = false; ///< false: the ledger holds no hashes
    std::vector<DuplicateRun> runs;
    std::vector<FrozenRun> frozen;      ///< of three frames and more
    std::int64_t equalToPrevious = 0;   ///< frames identical with the frame before
};

/// Compares hashes of decoded planes. Frames that repeat their neighbour count as one picture, so
/// that a still scene is no duplicate; a run holds at least three different pictures.
/// Linear in the number of frames. Any thread.
Duplicates findDuplicates(const Ledger &ledger);

} // namespace fw
