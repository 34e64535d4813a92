// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deletion_cases.h"

namespace fw::accuracy {

/// The detector's numbers on the rhythm in one line.
void printRhythm(const char *kind, const QString &name, const AnalysisResult &result);

/// Clips encoded once, twice, and twice with an edit between: false breaks, the first group's length,
/// breaks found and where, by source with the worst one.
void measureEdits(const std::vector<Source> &all, const Workshop &workshop);

} // namespace fw::accuracy
