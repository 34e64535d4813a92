// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/nn.h>

#include <string>
#include <vector>

namespace fw::lab {

/// How a decoder doubles its feature maps.
enum class Upsampler { Transposed, TransposedByFour, Nearest, Bilinear, PixelShuffle };

/// One member of the zoo: a small image-to-image network whose output shows what its way of enlarging
/// leaves behind, with the content of the real picture that went in (AutoGAN, Zhang et al. 2019).
struct ZooRecipe
{
    std::string name;
    Upsampler upsampler = Upsampler::Transposed;
    int kernel = 4;          ///< of the transposed convolutions
    int stages = 1;          ///< halvings and doublings
    int width = 12;          ///< feature maps at full size
    int blocks = 1;          ///< residual blocks in the middle
    bool instanceNorm = false;
    bool adversarial = false; ///< least-squares GAN beside 0.5 L1, with a patch discriminator
    bool squared = false;     ///< L2 instead of L1
    std::uint64_t seed = 1;
};

/// Every way of enlarging at least once; kernels that the stride divides and kernels that it does not.
std::vector<ZooRecipe> zooRecipes();

class AutoEncoderImpl : public torch::nn::Module
{
public:
    explicit AutoEncoderImpl(const ZooRecipe &recipe);
    /// @param x  pictures x 3 x height x width in -1..1, sides multiples of 4. @return the same shape.
    torch::Tensor forward(torch::Tensor x);

private:
    torch::nn::Sequential m_net;
};
TORCH_MODULE(AutoEncoder);

/// Judges overlapping patches of 22 px.
class PatchCriticImpl : public torch::nn::Module
{
public:
    PatchCriticImpl();
    torch::Tensor forward(const torch::Tensor &x);

private:
    torch::nn::Sequential m_net;
};
TORCH_MODULE(PatchCritic);

} // namespace fw::lab
