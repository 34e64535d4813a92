// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deletion_cases.h"

namespace fw::accuracy {

/// A stretch of 30 frames copied two to four seconds later, then encoded again: found, and nothing else?
/// And still scenes, where nothing may be found.
void measureCopies(const std::vector<Source> &moving, const std::vector<Source> &still, const Workshop &workshop);

} // namespace fw::accuracy
