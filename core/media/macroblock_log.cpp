// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/macroblock_log_p.h"

#include <cstring>
#include <utility>

namespace fw::av {

void MacroblockLog::hear(const char *format, va_list arguments)
{
    const bool literal = format[0] != '\0' && format[1] == '\0'; // the character is the format itself
    if (literal && format[0] == '\n') {
        m_place = 0;
    } else if (m_counts && (literal || std::strcmp(format, "%c") == 0)) {
        if (m_place == 0)
            add(literal ? format[0] : char(va_arg(arguments, int)));
        m_place = (m_place + 1) % 3;
    } else if (std::strncmp(format, "New frame, type", 15) == 0) {
        m_counts.emplace();
        m_place = 0;
    }
}

std::optional<MacroblockCounts> MacroblockLog::take()
{
    auto counts = std::exchange(m_counts, std::nullopt);
    return counts && counts->total > 0 ? counts : std::nullopt;
}

void MacroblockLog::add(char type)
{
    ++m_counts->total;
    switch (type) {
    case 'P': case 'A': case 'i': case 'I': ++m_counts->intra; break;
    case 'S': case 'd': case 'g': ++m_counts->skipped; break;
    case '>': case 'G': ++m_counts->forward; break;
    case '<': ++m_counts->backward; break;
    default: ++m_counts->bidirectional; break;
    }
}

} // namespace fw::av
