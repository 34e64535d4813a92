// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/nn.h>
#include <torch/script.h>

#include <memory>
#include <string>
#include <vector>

namespace fw::lab {

/// Frames of a window -> one number. What is trained, and what it is as TorchScript.
class TemporalNet : public torch::nn::Module
{
public:
    struct Output
    {
        torch::Tensor logit;     ///< windows
        torch::Tensor attention; ///< windows x frames, sums to 1; 0 for frames not measured
        torch::Tensor state;     ///< windows x width, what the answer is told from
    };
    /// @param x  windows x frames x kFrameValues; the last value of a frame says whether it was measured.
    virtual Output forward(const torch::Tensor &x) = 0;
    /// The same in TorchScript: from `v` (values) and `m` (measured) to o, a and s (answer, attention, state), each
    /// name followed by `at`, with the weights as buffers named as here and followed by `at`.
    virtual std::string code(const std::string &at) const = 0;
};
using TemporalNetPtr = std::shared_ptr<TemporalNet>;

/// A linear layer, a gated recurrent network in both directions, additive attention over the measured frames, a
/// linear layer.
/// Sources: Cho et al. 2014 (the unit), Bahdanau et al. 2015 (the attention); sizes as in the
/// temporal-attention specification.
class RecurrentNet : public TemporalNet
{
public:
    RecurrentNet();
    Output forward(const torch::Tensor &x) override;
    std::string code(const std::string &at) const override;

private:
    torch::nn::Linear m_in, m_look, m_out;
    torch::nn::Linear m_score;
    torch::nn::GRU m_gru;
};

/// A linear layer with learned places, two layers in which every measured frame looks at every other with four
/// heads, and one learned question that looks over the result.
/// Source: Vaswani et al. 2017, normalised before each part; sizes as in the temporal-attention specification.
class TransformerNet : public TemporalNet
{
public:
    TransformerNet();
    Output forward(const torch::Tensor &x) override;
    std::string code(const std::string &at) const override;

private:
    struct Block
    {
        torch::nn::LayerNorm before{nullptr}, between{nullptr};
        torch::nn::Linear lookUp{nullptr}, merge{nullptr}, widen{nullptr}, narrow{nullptr};
    };
    torch::nn::Linear m_in, m_out;
    torch::Tensor m_places, m_question;
    std::vector<Block> m_blocks;
};

/// Windows x frames x values.
torch::Tensor tensorOf(const std::vector<std::vector<float>> &windows);

/// Several networks as one TorchScript module: windows x 1 x frames x values -> mean logit (windows x 1),
/// its deviation among the networks, mean attention (windows x frames) and how far the state of the
/// first is from what was trained on (1: farther than 99 % of it).
/// @param states  windows x width of the first network on what it was trained on.
torch::jit::Module temporalScript(const std::vector<TemporalNetPtr> &nets, const torch::Tensor &states);

} // namespace fw::lab
