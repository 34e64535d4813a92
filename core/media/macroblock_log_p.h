// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/coding.h"

#include <cstdarg>

namespace fw::av {

/// Counts macroblock types from the tables that a decoder prints with FF_DEBUG_MB_TYPE, the only
/// way in which FFmpeg 5.1 tells them. A table begins with "New frame, type: P"; each macroblock is
/// three messages of one character, for type, partition and interlacing; a line feed ends a row.
class MacroblockLog
{
public:
    /// One message of the decoder, as given to FFmpeg's log.
    void hear(const char *format, va_list arguments);
    /// The counts of the last table; nullopt when none came since the last call.
    std::optional<MacroblockCounts> take();

private:
    void add(char type);

    std::optional<MacroblockCounts> m_counts;
    int m_place = 0; ///< 0: the next character is a type
};

} // namespace fw::av
