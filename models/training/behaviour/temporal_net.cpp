// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/temporal_net.h"

#include "faces/behaviour_window.h"

#include <algorithm>
#include <sstream>

namespace fw::lab {

namespace {

constexpr int kWide = 64, kLook = 32;

/// Squared distance from the mean in deviations, averaged over the values of the state.
torch::Tensor distanceOf(const torch::Tensor &state, const torch::Tensor &mean, const torch::Tensor &variance)
{
    return ((state - mean).pow(2) / variance).mean(1);
}

} // namespace

TemporalNetImpl::TemporalNetImpl()
    : m_in(register_module("in", torch::nn::Linear(kFrameValues - 1, kWide)))
    , m_look(register_module("look", torch::nn::Linear(2 * kWide, kLook)))
    , m_out(register_module("out", torch::nn::Linear(2 * kWide, 1)))
    , m_score(register_module("score", torch::nn::Linear(torch::nn::LinearOptions(kLook, 1).bias(false))))
    , m_gru(register_module("gru", torch::nn::GRU(torch::nn::GRUOptions(kWide, kWide).bidirectional(true).batch_first(true))))
{
}

TemporalNetImpl::Output TemporalNetImpl::forward(const torch::Tensor &x)
{
    const torch::Tensor measured = x.select(2, kFrameValues - 1);
    const torch::Tensor e = torch::relu(m_in->forward(x.narrow(2, 0, kFrameValues - 1)));
    const torch::Tensor h = std::get<0>(m_gru->forward(e));
    const torch::Tensor u = m_score->forward(torch::tanh(m_look->forward(h))).squeeze(2) - (1.0 - measured) * 1e4;
    const torch::Tensor a = torch::softmax(u, 1);
    const torch::Tensor state = (a.unsqueeze(2) * h).sum(1);
    return {m_out->forward(state).squeeze(1), a, state};
}

torch::Tensor tensorOf(const std::vector<std::vector<float>> &windows)
{
    torch::Tensor all = torch::empty({std::int64_t(windows.size()), kWindowFrames, kFrameValues});
    for (std::size_t i = 0; i < windows.size(); ++i)
        std::copy(windows[i].begin(), windows[i].end(), all[std::int64_t(i)].data_ptr<float>());
    return all;
}

torch::jit::Module temporalScript(std::vector<TemporalNet> nets, const torch::Tensor &states)
{
    const torch::NoGradGuard constant;
    torch::jit::Module module("temporal");
    const torch::Tensor mean = states.mean(0), variance = states.var(0) + 1e-4;
    const torch::Tensor distances = std::get<0>(distanceOf(states, mean, variance).sort());
    module.register_buffer("mean", mean);
    module.register_buffer("variance", variance);
    module.register_buffer("limit", distances[std::min<std::int64_t>(distances.size(0) - 1, distances.size(0) * 99 / 100)].clone());
    std::ostringstream code;
    code << "def forward(self, pictures):\n    x = pictures[:, 0]\n    m = x[:, :, " << kFrameValues - 1 << "]\n    v = x[:, :, :" << kFrameValues - 1
         << "]\n    z = torch.zeros([2, x.size(0), " << kWide << "])\n";
    std::string logits, attentions;
    for (std::size_t n = 0; n < nets.size(); ++n) {
        const std::string at = std::to_string(n);
        std::string recurrent;
        for (const auto &p : nets[n]->named_parameters()) {
            std::string name = p.key();
            std::replace(name.begin(), name.end(), '.', '_');
            module.register_buffer(name + at, p.value().detach().clone());
        }
        for (const char *direction : {"", "_reverse"}) {
            for (const char *part : {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"})
                recurrent += std::string(recurrent.empty() ? "" : ", ") + "self.gru_" + part + direction + at;
        }
        code << "    e" << at << " = torch.relu(torch.linear(v, self.in_weight" << at << ", self.in_bias" << at << "))\n"
             << "    h" << at << ", l" << at << " = torch.gru(e" << at << ", z, [" << recurrent << "], True, 1, 0.0, False, True, True)\n"
             << "    k" << at << " = torch.tanh(torch.linear(h" << at << ", self.look_weight" << at << ", self.look_bias" << at << "))\n"
             << "    u" << at << " = torch.linear(k" << at << ", self.score_weight" << at << ")[:, :, 0] - (1.0 - m) * 10000.0\n"
             << "    a" << at << " = torch.softmax(u" << at << ", 1)\n"
             << "    s" << at << " = torch.sum(torch.unsqueeze(a" << at << ", 2) * h" << at << ", [1])\n"
             << "    o" << at << " = torch.linear(s" << at << ", self.out_weight" << at << ", self.out_bias" << at << ")\n";
        logits += (n ? ", o" : "o") + at;
        attentions += (n ? " + a" : "a") + at;
    }
    code << "    o = torch.cat([" << logits << "], 1)\n"
         << "    logit = torch.mean(o, [1], True)\n"
         << "    spread = torch.sqrt(torch.mean((o - logit) * (o - logit), [1], True))\n"
         << "    far = torch.mean((s0 - self.mean) * (s0 - self.mean) / self.variance, [1], True) / self.limit\n"
         << "    return (logit, spread, (" << attentions << ") / " << nets.size() << ".0, far)\n";
    module.define(code.str());
    module.eval();
    return module;
}

} // namespace fw::lab
