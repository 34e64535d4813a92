// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/weights.h"

#include "stats/ranking.h"

#include <torch/nn/functional.h>

#include <algorithm>

namespace fw::lab {

void followWeights(torch::nn::Module &mean, const torch::nn::Module &net, std::int64_t step, double mostKept)
{
    const torch::NoGradGuard constant;
    const double keep = std::min(mostKept, double(step) / double(step + 20));
    const auto from = net.parameters(), to = mean.parameters();
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i].mul_(keep).add_(from[i].detach(), 1.0 - keep);
    const auto state = net.buffers(), kept = mean.buffers();
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i].is_floating_point())
            kept[i].mul_(keep).add_(state[i], 1.0 - keep);
    }
}

void setRate(torch::optim::AdamW &optimiser, double rate)
{
    for (auto &group : optimiser.param_groups())
        static_cast<torch::optim::AdamWOptions &>(group.options()).lr(rate);
}

torch::Tensor balancedLoss(const torch::Tensor &output, const torch::Tensor &target)
{
    const torch::Tensor yes = (target > 0.5f).to(torch::kFloat), no = (target.abs() < 0.5f).to(torch::kFloat);
    const torch::Tensor weight = yes / yes.sum().clamp_min(1.0f) + no / no.sum().clamp_min(1.0f);
    const torch::Tensor each = torch::binary_cross_entropy_with_logits(output, target.clamp(0.0f, 1.0f), {}, {}, at::Reduction::None);
    return 0.5f * (each * weight).sum();
}

std::optional<double> answeredArea(const torch::Tensor &output, const torch::Tensor &target)
{
    const torch::Tensor values = output.contiguous(), answers = target.contiguous();
    std::vector<double> scores[2];
    for (std::int64_t k = 0; k < answers.numel(); ++k) {
        if (const float answer = answers.data_ptr<float>()[k]; answer >= 0.0f)
            scores[answer > 0.5f ? 1 : 0].push_back(double(values.data_ptr<float>()[k]));
    }
    const auto area = rocArea(scores[0], scores[1]);
    return area ? std::optional(area->area) : std::nullopt;
}

} // namespace fw::lab
