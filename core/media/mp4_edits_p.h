// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/byte_source.h"
#include "media/media_facts.h"

namespace fw {

/// Reads the edit lists (moov/trak/edts/elst) of an MP4 or MOV file as they are stored. FFmpeg
/// applies them without showing them. Damaged boxes end the reading quietly; streams are numbered
/// in the order of their tracks.
std::vector<EditListEntry> readEditLists(ByteSource &source);

} // namespace fw
