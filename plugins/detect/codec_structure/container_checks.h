// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/ledger.h"
#include "media/media_facts.h"
#include "media/metadata.h"
#include "oddity.h"

namespace fw {

/// Edit lists of the video stream that do more than set a delay: hidden starts, several segments,
/// changed speed.
std::vector<Oddity> editListOddities(const MediaFacts &media);

/// Declared frames and durations beside the counted ones.
std::vector<Oddity> countOddities(const MediaFacts &media, const Ledger &ledger);

/// Names of programs in the tags, and dates that differ.
std::vector<Oddity> tagOddities(const MediaFacts &media, const Metadata &metadata);

/// The program or encoder named in the container or stream tags; empty when none is.
QString writingProgram(const MediaFacts &media);

} // namespace fw
