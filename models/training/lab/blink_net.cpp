// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_net.h"

#include "faces/eye_crop.h"

namespace fw::lab {

namespace {

std::vector<Layer> eyeLayers()
{
    return {{.in = 1, .out = 16, .stride = 2},
            {.in = 16, .out = 24, .stride = 2},
            {.in = 24, .out = 24, .residual = true},
            {.in = 24, .out = 48, .stride = 2},
            {.in = 48, .out = 48, .residual = true},
            {.in = 48, .out = BlinkNetImpl::kFeatures, .kernel = 5, .padding = 0, .kernelWide = 8}};
}

BlinkNetImpl::Output outputOf(const torch::Tensor &numbers)
{
    return {numbers.slice(2, 0, 2), torch::sigmoid(numbers.select(2, 2))};
}

} // namespace

BlinkNetImpl::BlinkNetImpl()
    : m_eye(register_module("eye", ConvNet(eyeLayers())))
    , m_dropout(register_module("dropout", torch::nn::Dropout(0.3)))
    , m_time(register_module(
          "time", torch::nn::LSTM(torch::nn::LSTMOptions(kFeatures, kState).batch_first(true))))
    , m_head(register_module("head", torch::nn::Linear(kState, 3)))
    , m_still(register_module("still", torch::nn::Linear(kFeatures, 3)))
{
}

torch::Tensor BlinkNetImpl::features(const torch::Tensor &x)
{
    const torch::Tensor all = x.reshape({x.size(0) * x.size(1), 1, x.size(2), x.size(3)});
    return m_eye->forward(all).reshape({x.size(0), x.size(1), kFeatures});
}

BlinkNetImpl::Output BlinkNetImpl::overTime(const torch::Tensor &features)
{
    return outputOf(m_head->forward(std::get<0>(m_time->forward(m_dropout->forward(features)))));
}

BlinkNetImpl::Output BlinkNetImpl::still(const torch::Tensor &features)
{
    return outputOf(m_still->forward(m_dropout->forward(features)));
}

std::vector<torch::Tensor> BlinkNetImpl::eyeWeights() const
{
    std::vector<torch::Tensor> weights = m_eye->parameters();
    for (const torch::Tensor &w : m_still->parameters())
        weights.push_back(w);
    return weights;
}

std::vector<torch::Tensor> BlinkNetImpl::timeWeights() const
{
    std::vector<torch::Tensor> weights = m_time->parameters();
    for (const torch::Tensor &w : m_head->parameters())
        weights.push_back(w);
    return weights;
}

void BlinkNetImpl::holdNorms()
{
    m_eye->eval();
}

torch::jit::Module BlinkNetImpl::eyeScript() const
{
    return m_eye->script("blink_eye");
}

torch::jit::Module BlinkNetImpl::timeScript() const
{
    const torch::NoGradGuard constant;
    torch::jit::Module module("blink_time");
    const auto weights = m_time->named_parameters();
    const auto keep = [&](const char *name, const torch::Tensor &value) {
        module.register_buffer(name, value.detach().clone().contiguous());
    };
    keep("w", torch::cat({weights["weight_ih_l0"], weights["weight_hh_l0"]}, 1).t());
    keep("b", weights["bias_ih_l0"] + weights["bias_hh_l0"]);
    keep("dw", m_head->weight.t());
    keep("db", m_head->bias);
    const auto part = [](const char *of, int from, int to) {
        return std::string(of) + "[:, " + std::to_string(from) + ":" + std::to_string(to) + "]";
    };
    const auto gate = [&](int i) { return part("g", i * kState, (i + 1) * kState); };
    // Gates in the order of LibTorch: in, forget, cell, out.
    module.define("def forward(self, x):\n"
                  "    x = torch.flatten(x, 1)\n"
                  "    g = torch.addmm(self.b, " + part("x", 0, kFeatures + kState) + ", self.w)\n"
                  "    c = torch.sigmoid(" + gate(1) + ") * " + part("x", kFeatures + kState, kFeatures + 2 * kState) +
                  " + torch.sigmoid(" + gate(0) + ") * torch.tanh(" + gate(2) + ")\n"
                  "    h = torch.sigmoid(" + gate(3) + ") * torch.tanh(c)\n"
                  "    y = torch.addmm(self.db, h, self.dw)\n"
                  "    closed = torch.sigmoid(y[:, 1:2] - y[:, 0:1])\n"
                  "    return torch.cat([closed, torch.sigmoid(y[:, 2:3]), h, c], 1)\n");
    module.eval();
    return module;
}

std::int64_t BlinkNetImpl::parameterCount() const
{
    std::int64_t count = 0;
    for (const auto &p : named_parameters()) {
        if (p.key().rfind("still", 0) != 0)
            count += p.value().numel();
    }
    return count;
}

std::int64_t BlinkNetImpl::multiplications() const
{
    return m_eye->multiplications(kEyeCropHeight, kEyeCropWidth) +
           4 * kState * (kFeatures + kState) + 3 * kState;
}

} // namespace fw::lab
