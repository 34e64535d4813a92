// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lid_network.h"

namespace fw::accuracy {

/// Measures the network on sequences of drawn eyes (fw-samples lids) of people who were not trained on:
/// state of each frame, blinks, looks down, and the same sequences with fewer frames. Prints tables.
/// @param every  uses every so many heads, to save time.
int onDrawnLids(const QString &scenes, LidNetwork &network, int every);

/// The same blinks by several rules, to choose one: on people who are neither trained on nor reported.
int chooseLidRule(const QString &scenes, LidNetwork &network, int every);

} // namespace fw::accuracy
