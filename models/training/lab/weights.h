// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/nn/module.h>
#include <torch/optim.h>

#include <optional>

namespace fw::lab {

/// Draws the weights of `mean` towards those of `net`; small noise of the last steps averages out.
/// @param step  0 copies; later the mean goes back further, up to 1 / (1 - mostKept) steps.
void followWeights(torch::nn::Module &mean, const torch::nn::Module &net, std::int64_t step, double mostKept);

void setRate(torch::optim::AdamW &optimiser, double rate);

/// Cross entropy of log-odds in which both answers count as much, however many asked for them. @param target  1, 0, or
/// below 0 where nothing was asked.
torch::Tensor balancedLoss(const torch::Tensor &output, const torch::Tensor &target);
/// Area under the curve of log-odds, with the same answers; nothing when only one of them was given.
std::optional<double> answeredArea(const torch::Tensor &output, const torch::Tensor &target);

} // namespace fw::lab
