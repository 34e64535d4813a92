// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "infer/conv_chain_p.h"

namespace torch::jit {
struct Module;
}

namespace fw {

/// The steps of a network whose script is one chain of convolutions, ramps and additions of what went
/// in, flattened at the end. nullopt for any other.
std::optional<std::vector<ConvStep>> convStepsOf(const torch::jit::Module &module);

} // namespace fw
