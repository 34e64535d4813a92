// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/auto_encoder.h"

namespace fw::lab {
namespace {

namespace nn = torch::nn;

class ResidualBlockImpl : public nn::Module
{
public:
    explicit ResidualBlockImpl(int width)
        : m_first(register_module("a", nn::Conv2d(nn::Conv2dOptions(width, width, 3).padding(1))))
        , m_second(register_module("b", nn::Conv2d(nn::Conv2dOptions(width, width, 3).padding(1))))
    {
    }
    torch::Tensor forward(const torch::Tensor &x) { return x + m_second(torch::relu(m_first(x))); }

private:
    nn::Conv2d m_first, m_second;
};
TORCH_MODULE(ResidualBlock);

void addNorm(nn::Sequential &net, const ZooRecipe &recipe, int width)
{
    if (recipe.instanceNorm)
        net->push_back(nn::InstanceNorm2d(nn::InstanceNorm2dOptions(width).affine(true)));
    net->push_back(nn::ReLU());
}

void addTransposed(nn::Sequential &net, int in, int out, int kernel, int stride)
{
    const int surplus = kernel - stride; // what the borders must lose for a size of exactly `stride` times
    const int padding = (surplus + 1) / 2;
    net->push_back(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, kernel)
                                           .stride(stride).padding(padding).output_padding(2 * padding - surplus)));
}

void addEnlarged(nn::Sequential &net, const ZooRecipe &recipe, int in, int out)
{
    const auto conv = [&](int from, int to) { net->push_back(nn::Conv2d(nn::Conv2dOptions(from, to, 3).padding(1))); };
    const std::vector<double> twice{2.0, 2.0};
    switch (recipe.upsampler) {
    case Upsampler::Transposed: addTransposed(net, in, out, recipe.kernel, 2); break;
    case Upsampler::TransposedByFour: addTransposed(net, in, out, recipe.kernel, 4); break;
    case Upsampler::Nearest:
        net->push_back(nn::Upsample(nn::UpsampleOptions().scale_factor(twice).mode(torch::kNearest)));
        conv(in, out);
        break;
    case Upsampler::Bilinear:
        net->push_back(nn::Upsample(nn::UpsampleOptions().scale_factor(twice).mode(torch::kBilinear).align_corners(false)));
        conv(in, out);
        break;
    case Upsampler::PixelShuffle:
        conv(in, 4 * out);
        net->push_back(nn::PixelShuffle(nn::PixelShuffleOptions(2)));
        break;
    }
}

} // namespace

std::vector<ZooRecipe> zooRecipes()
{
    const auto recipe = [](const char *name, Upsampler way, int kernel, int stages) {
        ZooRecipe r;
        r.name = name;
        r.upsampler = way;
        r.kernel = kernel;
        r.stages = stages;
        return r;
    };
    std::vector<ZooRecipe> all{recipe("transposed2", Upsampler::Transposed, 2, 1),
                               recipe("transposed3", Upsampler::Transposed, 3, 2),
                               recipe("transposed4", Upsampler::Transposed, 4, 2),
                               recipe("transposed5", Upsampler::Transposed, 5, 1),
                               recipe("transposed6", Upsampler::Transposed, 6, 2),
                               recipe("by-four", Upsampler::TransposedByFour, 6, 1),
                               recipe("nearest1", Upsampler::Nearest, 0, 1),
                               recipe("nearest2", Upsampler::Nearest, 0, 2),
                               recipe("bilinear1", Upsampler::Bilinear, 0, 1),
                               recipe("bilinear2", Upsampler::Bilinear, 0, 2),
                               recipe("shuffle1", Upsampler::PixelShuffle, 0, 1),
                               recipe("shuffle2", Upsampler::PixelShuffle, 0, 2),
                               recipe("autogan-transposed", Upsampler::Transposed, 3, 2),
                               recipe("autogan-nearest", Upsampler::Nearest, 0, 2)};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i].seed = 100 + i;
    all[3].squared = all[11].squared = true;
    all[2].instanceNorm = all[7].instanceNorm = true;
    for (std::size_t i : {all.size() - 2, all.size() - 1})
        all[i].adversarial = all[i].instanceNorm = true;
    return all;
}

AutoEncoderImpl::AutoEncoderImpl(const ZooRecipe &recipe)
{
    nn::Sequential net;
    const int w = recipe.width;
    net->push_back(nn::Conv2d(nn::Conv2dOptions(3, w, 3).padding(1)));
    addNorm(net, recipe, w);
    int width = w;
    for (int stage = 0; stage < recipe.stages; ++stage) {
        const int stride = recipe.upsampler == Upsampler::TransposedByFour ? 4 : 2;
        net->push_back(nn::Conv2d(nn::Conv2dOptions(width, 2 * width, stride + 1).stride(stride).padding(stride / 2)));
        width *= 2;
        addNorm(net, recipe, width);
    }
    for (int block = 0; block < recipe.blocks; ++block)
        net->push_back(ResidualBlock(width));
    for (int stage = 0; stage < recipe.stages; ++stage) {
        addEnlarged(net, recipe, width, width / 2);
        width /= 2;
        addNorm(net, recipe, width);
    }
    net->push_back(nn::Conv2d(nn::Conv2dOptions(w, 3, 3).padding(1)));
    m_net = register_module("net", net);
}

torch::Tensor AutoEncoderImpl::forward(torch::Tensor x)
{
    return torch::tanh(m_net->forward(x));
}

PatchCriticImpl::PatchCriticImpl()
{
    nn::Sequential net;
    net->push_back(nn::Conv2d(nn::Conv2dOptions(3, 12, 4).stride(2).padding(1)));
    net->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)));
    net->push_back(nn::Conv2d(nn::Conv2dOptions(12, 24, 4).stride(2).padding(1)));
    net->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)));
    net->push_back(nn::Conv2d(nn::Conv2dOptions(24, 1, 4).padding(1)));
    m_net = register_module("net", net);
}

torch::Tensor PatchCriticImpl::forward(const torch::Tensor &x)
{
    return m_net->forward(x);
}

} // namespace fw::lab
