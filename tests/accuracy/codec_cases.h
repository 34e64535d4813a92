// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deletion_cases.h"

namespace fw::accuracy {

/// One clip for each codec that ffmpeg can make here: how many of its pictures came with motion vectors,
/// quantisers and macroblock types, beside what the program says of the codec.
void measureCodecs(const Workshop &workshop);

} // namespace fw::accuracy
