// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/conv_net.h"

#include <sstream>
#include <stdexcept>

namespace fw::lab {

namespace {

int wide(const Layer &l)
{
    return l.kernelWide > 0 ? l.kernelWide : l.kernel;
}

} // namespace

ConvNetImpl::ConvNetImpl(std::vector<Layer> layers)
    : m_layers(std::move(layers))
{
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer &l = m_layers[i];
        const auto options = torch::nn::Conv2dOptions(l.in, l.out, {l.kernel, wide(l)})
                                 .stride(l.stride)
                                 .padding(l.padding)
                                 .bias(!l.relu);
        m_convolutions.push_back(
            register_module("c" + std::to_string(i), torch::nn::Conv2d(options)));
        torch::nn::init::kaiming_normal_(m_convolutions.back()->weight, 0.0, torch::kFanOut,
                                         torch::kReLU);
        m_norms.emplace_back(nullptr);
        if (l.relu)
            m_norms.back() =
                register_module("n" + std::to_string(i), torch::nn::BatchNorm2d(l.out));
        else
            torch::nn::init::normal_(m_convolutions.back()->weight, 0.0, 0.01);
    }
}

torch::Tensor ConvNetImpl::forward(torch::Tensor x)
{
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        torch::Tensor y = m_convolutions[i]->forward(x);
        if (m_layers[i].relu)
            y = torch::relu(m_norms[i]->forward(y));
        x = m_layers[i].residual ? x + y : y;
    }
    return x.flatten(1);
}

torch::jit::Module ConvNetImpl::script(const std::string &name) const
{
    const torch::NoGradGuard constant;
    torch::jit::Module module(name);
    std::ostringstream code;
    code << "def forward(self, x):\n";
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer &l = m_layers[i];
        torch::Tensor weight = m_convolutions[i]->weight.detach().clone();
        torch::Tensor bias;
        if (l.relu) {
            const auto &n = m_norms[i];
            const torch::Tensor gain =
                n->weight / torch::sqrt(n->running_var + n->options.eps());
            weight = weight * gain.view({-1, 1, 1, 1});
            bias = n->bias - n->running_mean * gain;
        } else {
            bias = m_convolutions[i]->bias;
        }
        const std::string at = std::to_string(i);
        module.register_buffer("w" + at, weight.contiguous());
        module.register_buffer("b" + at, bias.detach().clone());
        std::ostringstream layer;
        layer << "torch.conv2d(x, self.w" << at << ", self.b" << at << ", [" << l.stride << ", "
              << l.stride << "], [" << l.padding << ", " << l.padding << "], [1, 1], 1)";
        const std::string value = l.relu ? "torch.relu(" + layer.str() + ")" : layer.str();
        code << "    x = " << (l.residual ? "x + " : "") << value << "\n";
    }
    code << "    return torch.flatten(x, 1)\n";
    module.define(code.str());
    module.eval();
    return module;
}

void ConvNetImpl::takeOver(const torch::jit::Module &script, torch::Tensor x)
{
    const torch::NoGradGuard constant;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer &l = m_layers[i];
        auto &conv = m_convolutions[i];
        const std::string at = std::to_string(i);
        const torch::Tensor weight = script.hasattr("w" + at) ? script.attr("w" + at).toTensor() : torch::Tensor();
        if (!weight.defined() || weight.sizes() != conv->weight.sizes())
            throw std::runtime_error("these weights belong to other layers");
        conv->weight.copy_(weight);
        const torch::Tensor bias = script.attr("b" + at).toTensor();
        torch::Tensor y = torch::conv2d(x, weight, torch::Tensor(), l.stride, l.padding);
        if (l.relu) {
            auto &n = m_norms[i];
            const torch::Tensor mean = y.mean({0, 2, 3}), variance = y.var({0, 2, 3}, false);
            n->running_mean.copy_(mean);
            n->running_var.copy_(variance);
            n->weight.copy_(torch::sqrt(variance + n->options.eps()));
            n->bias.copy_(bias + mean);
        } else {
            conv->bias.copy_(bias);
        }
        y = y + bias.view({1, -1, 1, 1});
        if (l.relu)
            y = torch::relu(y);
        x = l.residual ? x + y : y;
    }
}

std::int64_t TrainableNet::parameterCount() const
{
    std::int64_t count = 0;
    for (const torch::Tensor &p : parameters())
        count += p.numel();
    return count;
}

std::int64_t ConvNetImpl::multiplications(int height, int width) const
{
    std::int64_t sum = 0;
    for (const Layer &l : m_layers) {
        height = (height + 2 * l.padding - l.kernel) / l.stride + 1;
        width = (width + 2 * l.padding - wide(l)) / l.stride + 1;
        sum += std::int64_t(l.in) * l.out * l.kernel * wide(l) * height * width;
    }
    return sum;
}

} // namespace fw::lab
