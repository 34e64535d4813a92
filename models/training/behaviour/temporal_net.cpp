// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/temporal_net.h"

#include "faces/behaviour_window.h"

#include <algorithm>
#include <sstream>

namespace fw::lab {

namespace {

constexpr int kWide = 64, kLook = 32, kBlocks = 2, kHeads = 4;
constexpr int kHeadScale = 4;       ///< root of the width of a head
constexpr int kNotMeasured = 10000; ///< taken from the attention of a frame that was not measured

/// A linear layer in TorchScript.
std::string linear(const std::string &from, const std::string &name, const std::string &at)
{
    std::ostringstream out;
    out << "torch.linear(" << from << ", self." << name << "_weight" << at << ", self." << name << "_bias" << at << ")";
    return out.str();
}

/// Squared distance from the mean in deviations, averaged over the values of the state.
torch::Tensor distanceOf(const torch::Tensor &state, const torch::Tensor &mean, const torch::Tensor &variance)
{
    return ((state - mean).pow(2) / variance).mean(1);
}

} // namespace

RecurrentNet::RecurrentNet()
    : m_in(register_module("in", torch::nn::Linear(kFrameValues - 1, kWide)))
    , m_look(register_module("look", torch::nn::Linear(2 * kWide, kLook)))
    , m_out(register_module("out", torch::nn::Linear(2 * kWide, 1)))
    , m_score(register_module("score", torch::nn::Linear(torch::nn::LinearOptions(kLook, 1).bias(false))))
    , m_gru(register_module("gru", torch::nn::GRU(torch::nn::GRUOptions(kWide, kWide).bidirectional(true).batch_first(true))))
{
}

TemporalNet::Output RecurrentNet::forward(const torch::Tensor &x)
{
    const torch::Tensor measured = x.select(2, kFrameValues - 1);
    const torch::Tensor e = torch::relu(m_in->forward(x.narrow(2, 0, kFrameValues - 1)));
    const torch::Tensor h = std::get<0>(m_gru->forward(e));
    const torch::Tensor u = m_score->forward(torch::tanh(m_look->forward(h))).squeeze(2) - (1.0 - measured) * kNotMeasured;
    const torch::Tensor a = torch::softmax(u, 1);
    const torch::Tensor state = (a.unsqueeze(2) * h).sum(1);
    return {m_out->forward(state).squeeze(1), a, state};
}

std::string RecurrentNet::code(const std::string &at) const
{
    std::string recurrent;
    for (const char *direction : {"", "_reverse"}) {
        for (const char *part : {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"})
            recurrent += std::string(recurrent.empty() ? "" : ", ") + "self.gru_" + part + direction + at;
    }
    std::ostringstream code;
    code << "    z" << at << " = torch.zeros([2, v.size(0), " << kWide << "])\n"
         << "    e" << at << " = torch.relu(" << linear("v", "in", at) << ")\n"
         << "    h" << at << ", l" << at << " = torch.gru(e" << at << ", z" << at << ", [" << recurrent << "], True, 1, 0.0, False, True, True)\n"
         << "    k" << at << " = torch.tanh(" << linear('h' + at, "look", at) << ")\n"
         << "    u" << at << " = torch.linear(k" << at << ", self.score_weight" << at << ")[:, :, 0] - (1.0 - m) * " << kNotMeasured << ".0\n"
         << "    a" << at << " = torch.softmax(u" << at << ", 1)\n"
         << "    s" << at << " = torch.sum(torch.unsqueeze(a" << at << ", 2) * h" << at << ", [1])\n"
         << "    o" << at << " = " << linear('s' + at, "out", at) << "\n";
    return code.str();
}

TransformerNet::TransformerNet()
    : m_in(register_module("in", torch::nn::Linear(kFrameValues - 1, kWide)))
    , m_out(register_module("out", torch::nn::Linear(kWide, 1)))
    , m_places(register_parameter("places", 0.1 * torch::randn({kWindowFrames, kWide})))
    , m_question(register_parameter("question", 0.1 * torch::randn({kWide})))
{
    for (int i = 0; i < kBlocks; ++i) {
        const auto name = [&](const char *part) { return part + std::to_string(i); };
        Block b;
        b.before = register_module(name("before"), torch::nn::LayerNorm(torch::nn::LayerNormOptions({kWide})));
        b.lookUp = register_module(name("lookup"), torch::nn::Linear(kWide, 3 * kWide));
        b.merge = register_module(name("merge"), torch::nn::Linear(kWide, kWide));
        b.between = register_module(name("between"), torch::nn::LayerNorm(torch::nn::LayerNormOptions({kWide})));
        b.widen = register_module(name("widen"), torch::nn::Linear(kWide, 2 * kWide));
        b.narrow = register_module(name("narrow"), torch::nn::Linear(2 * kWide, kWide));
        m_blocks.push_back(b);
    }
}

TemporalNet::Output TransformerNet::forward(const torch::Tensor &x)
{
    constexpr double kDropped = 0.1;
    const torch::Tensor hidden = (1.0 - x.select(2, kFrameValues - 1)) * kNotMeasured;
    torch::Tensor h = m_in->forward(x.narrow(2, 0, kFrameValues - 1)) + m_places;
    for (Block &b : m_blocks) {
        const auto parts = b.lookUp->forward(b.before->forward(h)).view({x.size(0), kWindowFrames, 3, kHeads, kWide / kHeads}).permute({2, 0, 3, 1, 4});
        const torch::Tensor among = torch::matmul(parts[0], parts[1].transpose(2, 3)) / kHeadScale - hidden.unsqueeze(1).unsqueeze(1);
        const torch::Tensor seen = torch::matmul(torch::softmax(among, 3), parts[2]).permute({0, 2, 1, 3}).reshape({x.size(0), kWindowFrames, kWide});
        h = h + torch::dropout(b.merge->forward(seen), kDropped, is_training());
        h = h + torch::dropout(b.narrow->forward(torch::relu(b.widen->forward(b.between->forward(h)))), kDropped, is_training());
    }
    const torch::Tensor a = torch::softmax(torch::matmul(h, m_question) - hidden, 1);
    const torch::Tensor state = (a.unsqueeze(2) * h).sum(1);
    return {m_out->forward(state).squeeze(1), a, state};
}

std::string TransformerNet::code(const std::string &at) const
{
    const auto normal = [&](const std::string &from, const std::string &name) {
        std::ostringstream out;
        out << "torch.layer_norm(" << from << ", [" << kWide << "], self." << name << "_weight" << at << ", self." << name << "_bias" << at << ")";
        return out.str();
    };
    const std::string h = 'h' + at, p = 'p' + at, w = 'w' + at;
    std::ostringstream code;
    code << "    g" << at << " = (1.0 - m) * " << kNotMeasured << ".0\n"
         << "    " << h << " = " << linear("v", "in", at) << " + self.places" << at << "\n";
    for (int i = 0; i < kBlocks; ++i) {
        const std::string n = std::to_string(i);
        code << "    " << p << " = torch.permute(torch.reshape(" << linear(normal(h, "before" + n), "lookup" + n, at) << ", [v.size(0), " << kWindowFrames
             << ", 3, " << kHeads << ", " << kWide / kHeads << "]), [2, 0, 3, 1, 4])\n"
             << "    " << w << " = torch.matmul(" << p << "[0], torch.transpose(" << p << "[1], 2, 3)) / " << kHeadScale
             << ".0 - torch.unsqueeze(torch.unsqueeze(g" << at << ", 1), 1)\n"
             << "    " << w << " = torch.reshape(torch.permute(torch.matmul(torch.softmax(" << w << ", 3), " << p << "[2]), [0, 2, 1, 3]), [v.size(0), "
             << kWindowFrames << ", " << kWide << "])\n"
             << "    " << h << " = " << h << " + " << linear(w, "merge" + n, at) << "\n"
             << "    " << h << " = " << h << " + " << linear("torch.relu(" + linear(normal(h, "between" + n), "widen" + n, at) + ")", "narrow" + n, at) << "\n";
    }
    code << "    a" << at << " = torch.softmax(torch.matmul(" << h << ", self.question" << at << ") - g" << at << ", 1)\n"
         << "    s" << at << " = torch.sum(torch.unsqueeze(a" << at << ", 2) * " << h << ", [1])\n"
         << "    o" << at << " = " << linear('s' + at, "out", at) << "\n";
    return code.str();
}

torch::Tensor tensorOf(const std::vector<std::vector<float>> &windows)
{
    torch::Tensor all = torch::empty({std::int64_t(windows.size()), kWindowFrames, kFrameValues});
    for (std::size_t i = 0; i < windows.size(); ++i)
        std::copy(windows[i].begin(), windows[i].end(), all[std::int64_t(i)].data_ptr<float>());
    return all;
}

torch::jit::Module temporalScript(const std::vector<TemporalNetPtr> &nets, const torch::Tensor &states)
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
         << "]\n";
    std::string logits, attentions;
    for (std::size_t n = 0; n < nets.size(); ++n) {
        const std::string at = std::to_string(n) + "n";
        for (const auto &p : nets[n]->named_parameters()) {
            std::string name = p.key();
            std::replace(name.begin(), name.end(), '.', '_');
            module.register_buffer(name + at, p.value().detach().clone());
        }
        code << nets[n]->code(at);
        logits += (n ? ", o" : "o") + at;
        attentions += (n ? " + a" : "a") + at;
    }
    code << "    o = torch.cat([" << logits << "], 1)\n"
         << "    logit = torch.mean(o, [1], True)\n"
         << "    spread = torch.sqrt(torch.mean((o - logit) * (o - logit), [1], True))\n"
         << "    far = torch.mean((s0n - self.mean) * (s0n - self.mean) / self.variance, [1], True) / self.limit\n"
         << "    return (logit, spread, (" << attentions << ") / " << nets.size() << ".0, far)\n";
    module.define(code.str());
    module.eval();
    return module;
}

} // namespace fw::lab
