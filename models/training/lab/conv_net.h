// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/nn.h>
#include <torch/script.h>

#include <string>
#include <vector>

namespace fw::lab {

/// One convolution with what follows it. Every layer of every network here is one, dense layers
/// too: the distribution's LibTorch computes convolutions several times faster than dense layers.
struct Layer
{
    int in = 1, out = 1;
    int kernel = 3, stride = 1, padding = 1;
    int kernelWide = 0; ///< when it is not as wide as high
    bool relu = true;      ///< with batch normalisation before it
    bool residual = false; ///< adds its input to its output
};

/// Convolutions one after the other.
class ConvNetImpl : public torch::nn::Module
{
public:
    explicit ConvNetImpl(std::vector<Layer> layers);
    /// @param x  pictures x channels x height x width. @return pictures x numbers.
    torch::Tensor forward(torch::Tensor x);

    /// The network as TorchScript, normalisation folded into the convolutions: what is shipped.
    torch::jit::Module script(const std::string &name) const;

    /// Takes over the weights of a network that script() wrote, so that training can go on from what
    /// is shipped. Folding has lost what the normalisations saw; it is measured anew on `pictures`, after
    /// which they change nothing. @throws std::runtime_error when the layers are others.
    void takeOver(const torch::jit::Module &script, torch::Tensor pictures);

    std::int64_t parameterCount() const;
    /// Multiplications of one picture.
    std::int64_t multiplications(int height, int width) const;

private:
    std::vector<Layer> m_layers;
    std::vector<torch::nn::Conv2d> m_convolutions;
    std::vector<torch::nn::BatchNorm2d> m_norms; ///< empty holders where there is none
};
TORCH_MODULE(ConvNet);

} // namespace fw::lab
