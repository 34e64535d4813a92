// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/script_net.h"

#include <stdexcept>

namespace fw::lab {
namespace {

std::string pair(int n)
{
    std::ostringstream text;
    text << "[" << n << ", " << n << "]";
    return text.str();
}

torch::jit::Module moduleOf(const std::string &name, const std::string &code, const std::vector<ScriptText::Weight> &weights, bool copies)
{
    torch::jit::Module module(name);
    for (const ScriptText::Weight &w : weights) {
        const torch::Tensor value = copies ? w.value.detach().to(torch::kCPU).clone() : w.value;
        if (w.trained && !copies)
            module.register_parameter(w.name, value, false);
        else
            module.register_buffer(w.name, value);
    }
    if (!module.hasattr("training"))
        module.register_attribute("training", c10::BoolType::get(), true);
    module.define(code);
    return module;
}

} // namespace

ScriptText &ScriptText::operator<<(const std::string &line)
{
    m_body << "    " << line << "\n";
    return *this;
}

std::string ScriptText::weight(const std::string &name, const torch::Tensor &value, bool trained)
{
    m_weights.push_back({name, value.contiguous(), trained});
    return "self." + name;
}

std::string ScriptText::convolution(const std::string &name, const std::string &of, int in, int out, int kernel, int stride, int padding)
{
    torch::Tensor w = torch::empty({out, in, kernel, kernel});
    torch::nn::init::kaiming_normal_(w, 0.0, torch::kFanIn, torch::kReLU);
    const std::string weights = weight(name + "_w", w), bias = weight(name + "_b", torch::zeros({out}));
    return "torch.conv2d(" + of + ", " + weights + ", " + bias + ", " + pair(stride) + ", " + pair(padding) + ", [1, 1], 1)";
}

std::string ScriptText::enlargement(const std::string &name, const std::string &of, int in, int out, int factor)
{
    const int kernel = 2 * factor;
    torch::Tensor w = torch::zeros({in, out, kernel, kernel});
    auto values = w.accessor<float, 4>();
    const auto share = [&](int i) { return 1.0 - std::abs((i + 0.5) / factor - 1.0); };
    for (int c = 0; c < in; ++c) {
        for (int y = 0; y < kernel; ++y) {
            for (int x = 0; x < kernel; ++x)
                values[c][c % out][y][x] = float(share(y) * share(x));
        }
    }
    const std::string weights = weight(name + "_w", w), bias = weight(name + "_b", torch::zeros({out}));
    return "torch.conv_transpose2d(" + of + ", " + weights + ", " + bias + ", " + pair(factor) + ", " + pair(factor / 2) + ")";
}

std::string ScriptText::normalised(const std::string &name, const std::string &of, int channels)
{
    const std::string gain = weight(name + "_g", torch::ones({channels})), bias = weight(name + "_b", torch::zeros({channels}));
    const std::string mean = weight(name + "_m", torch::zeros({channels}), false), variance = weight(name + "_v", torch::ones({channels}), false);
    return "torch.batch_norm(" + of + ", " + gain + ", " + bias + ", " + mean + ", " + variance + ", self.training, 0.1, 0.00001, False)";
}

std::string ScriptText::code() const
{
    return "def forward(self, x):\n" + m_body.str();
}

ScriptNet::ScriptNet(const ScriptText &text, std::int64_t multiplications)
    : m_code(text.code())
    , m_weights(text.weights())
    , m_script("net")
    , m_multiplications(multiplications)
{
    for (ScriptText::Weight &w : m_weights) {
        // Both modules hold the same tensor: what the optimiser changes is what the script computes with.
        if (w.trained)
            w.value = register_parameter(w.name, w.value);
        else
            w.value = register_buffer(w.name, w.value);
    }
    m_script = moduleOf("net", m_code, m_weights, false);
}

torch::Tensor ScriptNet::forward(torch::Tensor x)
{
    return m_script.forward({x}).toTensor();
}

void ScriptNet::train(bool on)
{
    torch::nn::Module::train(on);
    m_script.train(on);
}

torch::jit::Module ScriptNet::script(const std::string &name) const
{
    torch::jit::Module module = moduleOf(name, m_code, m_weights, true);
    module.eval();
    return module;
}

void ScriptNet::takeOver(const torch::jit::Module &script, torch::Tensor)
{
    const torch::NoGradGuard constant;
    for (const ScriptText::Weight &w : m_weights) {
        const torch::Tensor value = script.hasattr(w.name) ? script.attr(w.name).toTensor() : torch::Tensor();
        if (!value.defined() || value.sizes() != w.value.sizes())
            throw std::runtime_error("these weights belong to another network");
        torch::Tensor(w.value).copy_(value);
    }
}

std::int64_t ScriptNet::multiplications(int, int) const
{
    return m_multiplications;
}

} // namespace fw::lab
