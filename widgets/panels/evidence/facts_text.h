// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/ledger.h"
#include "media/media_facts.h"

#include <QPalette>
#include <QString>

namespace fw {

/// A file as evidence, as rich text: hashes with links that copy them ("copy:<text>"), what the
/// container declares, its streams, and what the decode showed.
/// @param ledger  of this file; empty while it has not been decoded.
QString factsHtml(const MediaFacts &facts, const Ledger &ledger, const QPalette &palette);

/// One line for lists and tool tips: "1920 x 1080 h264, 29.97 frames/s, 00:01:12.480".
QString factsLine(const MediaFacts &facts);

} // namespace fw
