// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/nn.h>
#include <torch/script.h>

#include <vector>

namespace fw::lab {

/// Frames of a window -> one number: a linear layer, a gated recurrent network in both directions,
/// additive attention over the measured frames, a linear layer.
/// Sources: Cho et al. 2014 (the unit), Bahdanau et al. 2015 (the attention); sizes as in the
/// temporal-attention specification.
class TemporalNetImpl : public torch::nn::Module
{
public:
    TemporalNetImpl();

    struct Output
    {
        torch::Tensor logit;     ///< windows
        torch::Tensor attention; ///< windows x frames, sums to 1; 0 for frames not measured
        torch::Tensor state;     ///< windows x 128
    };
    /// @param x  windows x frames x kFrameValues; the last value of a frame says whether it was measured.
    Output forward(const torch::Tensor &x);

private:
    torch::nn::Linear m_in, m_look, m_out;
    torch::nn::Linear m_score;
    torch::nn::GRU m_gru;
};
TORCH_MODULE(TemporalNet);

/// Windows x frames x values.
torch::Tensor tensorOf(const std::vector<std::vector<float>> &windows);

/// Several networks as one TorchScript module: windows x 1 x frames x values -> mean logit (windows x 1),
/// its deviation among the networks, mean attention (windows x frames) and how far the state of the
/// first is from what was trained on (1: farther than 99 % of it).
/// @param states  windows x 128 of the first network on what it was trained on.
torch::jit::Module temporalScript(std::vector<TemporalNet> nets, const torch::Tensor &states);

} // namespace fw::lab
