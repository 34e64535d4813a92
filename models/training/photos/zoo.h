// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "photos/patch_source.h"

#include <filesystem>

namespace fw::lab {

struct ZooOrder
{
    std::filesystem::path folder; ///< gets real/NNN.png and <member>/NNN.png; a folder beside it, named as it and "-unseen", half as
                                  ///< many of pictures that no member is trained on
    int steps = 150;              ///< batches of 4 crops of 64 px for each member
    int pictures = 120;           ///< crops of 384 px that go through each member
    std::uint64_t seed = 1;
};

/// Trains every member for some seconds on crops of the pictures, sends other crops of them and of unseen pictures
/// through it and writes both sides: the real crop and what each member makes of it. Members that are there already
/// stay.
Result<void> makeZoo(const PatchSource &source, const PatchSource &unseen, const ZooOrder &order);

} // namespace fw::lab
