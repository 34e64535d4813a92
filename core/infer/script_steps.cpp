// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/script_steps_p.h"

#include <torch/script.h>

#include <algorithm>

namespace fw {

namespace {

using torch::jit::Node;
using torch::jit::Value;

std::optional<std::vector<std::int64_t>> integersOf(const Value *value)
{
    const Node *list = value->node();
    if (list->kind() != c10::prim::ListConstruct)
        return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (const Value *element : list->inputs()) {
        const auto number = torch::jit::toIValue(element);
        if (!number || !number->isInt())
            return std::nullopt;
        numbers.push_back(number->toInt());
    }
    return numbers;
}

bool isInteger(const Value *value, std::int64_t expected)
{
    const auto number = torch::jit::toIValue(value);
    return number && number->isInt() && number->toInt() == expected;
}

/// The tensor that an attribute of the network holds.
std::optional<torch::Tensor> tensorOf(const Value *value, const Value *self,
                                      const torch::jit::Module &module)
{
    const Node *node = value->node();
    if (node->kind() != c10::prim::GetAttr || node->inputs()[0] != self)
        return std::nullopt;
    const torch::IValue held = module.attr(node->s(c10::attr::name));
    if (!held.isTensor() || held.toTensor().scalar_type() != torch::kFloat)
        return std::nullopt;
    return held.toTensor().to(torch::kCPU).contiguous();
}

std::vector<float> floatsOf(const torch::Tensor &tensor)
{
    const float *from = tensor.data_ptr<float>();
    return {from, from + tensor.numel()};
}

std::optional<ConvStep> convolution(const Node *node, const Value *self,
                                    const torch::jit::Module &module)
{
    const auto weights = tensorOf(node->inputs()[1], self, module);
    const auto bias = tensorOf(node->inputs()[2], self, module);
    const auto stride = integersOf(node->inputs()[3]), padding = integersOf(node->inputs()[4]),
               dilation = integersOf(node->inputs()[5]);
    const bool plain = weights && bias && weights->dim() == 4 && stride && stride->size() == 2 &&
                       padding && padding->size() == 2 && dilation &&
                       std::all_of(dilation->begin(), dilation->end(), [](auto d) { return d == 1; }) &&
                       isInteger(node->inputs()[6], 1);
    if (!plain)
        return std::nullopt;
    ConvStep step;
    step.out = int(weights->size(0));
    step.in = int(weights->size(1));
    step.kernelHigh = int(weights->size(2));
    step.kernelWide = int(weights->size(3));
    step.strideDown = int((*stride)[0]);
    step.strideAcross = int((*stride)[1]);
    step.padDown = int((*padding)[0]);
    step.padAcross = int((*padding)[1]);
    step.weights = floatsOf(*weights);
    step.bias = floatsOf(*bias);
    return step;
}

} // namespace

std::optional<std::vector<ConvStep>> convStepsOf(const torch::jit::Module &module)
{
    const auto graph = module.get_method("forward").graph();
    if (graph->inputs().size() != 2 || graph->outputs().size() != 1)
        return std::nullopt;
    const Value *self = graph->inputs()[0];
    const Value *now = graph->inputs()[1]; // what the chain has come to
    const Value *before = nullptr;         // what went into its last convolution
    bool flat = false;
    std::vector<ConvStep> steps;
    for (const Node *node : graph->nodes()) {
        const auto kind = node->kind();
        if (kind == c10::prim::Constant || kind == c10::prim::GetAttr ||
            kind == c10::prim::ListConstruct)
            continue;
        const auto in = node->inputs();
        if (flat || in.empty())
            return std::nullopt;
        if (kind == c10::aten::conv2d && in[0] == now) {
            auto step = convolution(node, self, module);
            if (!step)
                return std::nullopt;
            steps.push_back(std::move(*step));
            before = now;
        } else if (kind == c10::aten::relu && in[0] == now && before && !steps.back().ramp &&
                   !steps.back().residual) {
            steps.back().ramp = true;
        } else if (kind == c10::aten::add && before && !steps.back().residual && isInteger(in[2], 1) &&
                   ((in[0] == before && in[1] == now) || (in[0] == now && in[1] == before))) {
            steps.back().residual = true;
        } else if (kind == c10::aten::flatten && in[0] == now && isInteger(in[1], 1) &&
                   isInteger(in[2], -1)) {
            flat = true;
        } else {
            return std::nullopt;
        }
        now = node->outputs()[0];
    }
    if (!flat || steps.empty() || graph->outputs()[0] != now)
        return std::nullopt;
    return steps;
}

} // namespace fw
