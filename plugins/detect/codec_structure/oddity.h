// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"

#include <QString>

#include <optional>
#include <vector>

namespace fw {

/// How much an oddity says. Only the strong ones are rare in untouched recordings.
enum class Weight {
    Note,   ///< worth knowing, says nothing about editing
    Weak,   ///< a cut or a conversion can cause it, and so can much else
    Strong, ///< ordinary cameras, encoders and streams seldom cause it
};

/// Something in the structure of a file that differs from a plain recording.
struct Oddity
{
    Weight weight = Weight::Note;
    QString what;     ///< one clause with its numbers
    QString ordinary; ///< what else causes it
    std::optional<FrameIndex> frame;
};

/// "note", "weak", "strong".
QString weightName(Weight weight);

} // namespace fw
