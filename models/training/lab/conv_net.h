// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/nn.h>
#include <torch/script.h>

#include <string>
#include <vector>

namespace fw::lab {

/// What the lab trains: pictures in, numbers out, and the same as TorchScript.
class TrainableNet : public torch::nn::Module
{
public:
    /// @param x  pictures x channels x height x width. @return pictures x numbers.
    virtual torch::Tensor forward(torch::Tensor x) = 0;
    /// What is shipped.
    virtual torch::jit::Module script(const std::string &name) const = 0;
    /// Goes on from what script() wrote. @param pictures  as many as tell what the layers usually see.
    /// @throws std::runtime_error when the layers are others.
    virtual void takeOver(const torch::jit::Module &script, torch::Tensor pictures) = 0;
    /// Multiplications of one picture.
    virtual std::int64_t multiplications(int height, int width) const = 0;

    std::int64_t parameterCount() const;
};

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
class ConvNetImpl : public TrainableNet
{
public:
    explicit ConvNetImpl(std::vector<Layer> layers);
    torch::Tensor forward(torch::Tensor x) override;

    /// Normalisation is folded into the convolutions.
    torch::jit::Module script(const std::string &name) const override;

    /// Folding has lost what the normalisations saw; it is measured anew on `pictures`, after which they
    /// change nothing.
    void takeOver(const torch::jit::Module &script, torch::Tensor pictures) override;
    std::int64_t multiplications(int height, int width) const override;

private:
    std::vector<Layer> m_layers;
    std::vector<torch::nn::Conv2d> m_convolutions;
    std::vector<torch::nn::BatchNorm2d> m_norms; ///< empty holders where there is none
};
TORCH_MODULE(ConvNet);

} // namespace fw::lab
