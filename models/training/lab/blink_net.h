// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/conv_net.h"

namespace fw::lab {

/// Convolutions, then an LSTM over time, then dense layers: how far a lid is closed, frame after
/// frame. Seen as the eye at the left of the picture. After Li, Chang and Lyu, WIFS 2018, with a
/// small network in place of VGG16.
class BlinkNetImpl : public torch::nn::Module
{
public:
    static constexpr int kFeatures = 64, kState = 64;

    BlinkNetImpl();

    struct Output
    {
        torch::Tensor logits;  ///< sequences x frames x 2: open, closed
        torch::Tensor closure; ///< sequences x frames: 0 open .. 1 closed
    };
    /// @param x  sequences x frames x height x width. @return sequences x frames x kFeatures
    torch::Tensor features(const torch::Tensor &x);
    /// @param features  as above; the state starts at 0.
    Output overTime(const torch::Tensor &features);
    /// Each frame by itself, through a layer of its own: to train the convolutions first.
    Output still(const torch::Tensor &features);
    Output forward(const torch::Tensor &x) { return overTime(features(x)); }

    /// The convolutions, and what learns over time with its heads.
    std::vector<torch::Tensor> eyeWeights() const;
    std::vector<torch::Tensor> timeWeights() const;
    void holdNorms(); ///< batch normalisation keeps what it has seen

    /// As TorchScript: pictures -> features, a plain chain of convolutions.
    torch::jit::Module eyeScript() const;
    /// One step in time: n x 1 x 1 x (features, state, memory) -> n x (closed, closure, state, memory).
    torch::jit::Module timeScript() const;
    std::int64_t parameterCount() const; ///< of what ships
    std::int64_t multiplications() const; ///< of one eye in one frame

private:
    ConvNet m_eye;
    torch::nn::Dropout m_dropout;
    torch::nn::LSTM m_time;
    torch::nn::Linear m_head, m_still;
};
TORCH_MODULE(BlinkNet);

} // namespace fw::lab
