// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lid_network.h"

namespace fw::accuracy {

/// Measures the network on sequences of drawn eyes (fw-samples lids) of people who were not trained on:
/// state of each frame, blinks, looks down, and the same sequences with fewer frames. Prints tables.
int onDrawnLids(const QString &scenes, LidNetwork &network);

} // namespace fw::accuracy
