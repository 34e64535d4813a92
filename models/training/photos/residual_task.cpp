// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/residual_task.h"

#include "forge/jpeg_coder.h"
#include "lab/script_net.h"
#include "lab/weights.h"
#include "photo/residual.h"
#include "photo/residual_codes.h"

#include <torch/optim.h>

#include <cstdio>
#include <optional>

namespace fw::lab {
namespace {

constexpr int kTuples = 81;
constexpr double kSteepness = 20.0; ///< of the softmax: on photographs the nearest tuple gets 0.95 on average
constexpr int kQualities[] = {0, 85};
constexpr int kAnswers = kManipulations * int(std::size(kQualities));
constexpr int kFirstPatches = 6000, kFirstSteps = 1500; ///< for the linear layer
constexpr int kWindow = 192; ///< px of a picture that are manipulated for one patch

torch::Tensor asTensor(const std::vector<cv::Mat> &patches)
{
    torch::Tensor tensor = torch::empty({std::int64_t(patches.size()), 1, kResidualPatch, kResidualPatch});
    for (std::size_t i = 0; i < patches.size(); ++i)
        lumaOf(patches[i]).copyTo(cv::Mat(kResidualPatch, kResidualPatch, CV_32FC1, tensor.data_ptr<float>() + i * kResidualPatch * kResidualPatch));
    return tensor;
}

/// Up to four patches around the middle.
void addMiddle(const cv::Mat &picture, std::vector<cv::Mat> *to)
{
    for (int i = 0; i < 4; ++i) {
        const cv::Rect place(picture.cols / 2 + (i % 2 - 1) * kResidualPatch, picture.rows / 2 + (i / 2 - 1) * kResidualPatch, kResidualPatch, kResidualPatch);
        if ((place & cv::Rect({0, 0}, picture.size())) == place)
            to->push_back(picture(place));
    }
}

} // namespace

std::shared_ptr<TrainableNet> residualNet(int answers)
{
    ScriptText t;
    // In units of three grey levels, as the descriptor's steps.
    const torch::Tensor difference = torch::tensor({1.0f, -3.0f, 3.0f, -1.0f}).reshape({1, 1, 1, 4}) / 3.0f;
    torch::Tensor tuples = torch::empty({kTuples, 1, 1, 4}), bias = torch::zeros({kTuples});
    for (int k = 0, rest = 0; k < kTuples; ++k) {
        rest = k;
        for (int i = 3; i >= 0; --i, rest /= 3)
            tuples[k][0][0][i] = float(rest % 3 - 1);
        bias[k] = -0.5f * tuples[k].square().sum().item<float>();
    }
    const std::string d = t.weight("difference", difference);
    const std::string halves[] = {t.weight("along", tuples), t.weight("across", tuples.reshape({kTuples, 1, 4, 1}).clone())};
    const std::string b = t.weight("nearest", bias);
    // Columns are the rows of the turned patch, in common histograms.
    t << "d = torch.conv2d(torch.cat([x, torch.transpose(x, 2, 3)], 0), " + d + ", None, [1, 1], [0, 0], [1, 1], 1)";
    const std::string steep = std::to_string(kSteepness);
    for (int half = 0; half < 2; ++half) {
        const std::string h = half == 0 ? "h0" : "h1";
        t << h + " = torch.softmax(torch.conv2d(d, " + halves[half] + ", " + b + ", [1, 1], [0, 0], [1, 1], 1) * " + steep + ", 1)"
          << h + " = torch.mean(" + h + ", [2, 3])";
    }
    t << "h = torch.cat([h0, h1], 1)"
      << "n = x.size(0)"
      << "h = torch.sqrt((h[0:n] + h[n:]) * 0.5 + 0.00001)"
      << "h = " + t.normalised("scale", "h", 2 * kTuples)
      << "return torch.linear(h, " + t.weight("out_w", torch::zeros({answers, 2 * kTuples})) + ", " + t.weight("out_b", torch::zeros({answers})) + ")";
    return std::make_shared<ScriptNet>(t, std::int64_t(2 * kResidualPatch * kResidualPatch) * (4 + 2 * 4 * kTuples));
}

ResidualTask::ResidualTask(PatchSource train, PatchSource unseen)
    : m_train(std::move(train))
    , m_unseen(std::move(unseen))
{
}

std::shared_ptr<TrainableNet> ResidualTask::network() const
{
    auto net = residualNet(kAnswers);
    render::Random random(11);
    const Examples examples = draw(kFirstPatches, random);
    torch::Tensor values = torch::empty({kFirstPatches, 2 * kTuples});
    for (int i = 0; i < kFirstPatches; ++i) {
        const std::vector<float> descriptor = shortDescriptor(lumaOf(examples.patches[std::size_t(i)]), {1, 1.0, Folding::None});
        std::copy(descriptor.begin(), descriptor.end(), values[i].data_ptr<float>());
    }
    const torch::Tensor mean = values.mean(0), variance = values.var(0) + 1e-6;
    values = (values - mean) / variance.sqrt();
    torch::Tensor weight = torch::zeros({kAnswers, 2 * kTuples}, torch::requires_grad()), bias = torch::zeros({kAnswers}, torch::requires_grad());
    torch::optim::AdamW optimiser({weight, bias}, torch::optim::AdamWOptions(0.02).weight_decay(0.01));
    for (int step = 0; step < kFirstSteps; ++step) {
        optimiser.zero_grad();
        balancedLoss(torch::linear(values, weight, bias), examples.target).backward();
        optimiser.step();
    }
    const torch::NoGradGuard constant;
    net->named_parameters()["out_w"].copy_(weight);
    net->named_parameters()["out_b"].copy_(bias);
    net->named_buffers()["scale_m"].copy_(mean);
    net->named_buffers()["scale_v"].copy_(variance);
    return net;
}

ResidualTask::Examples ResidualTask::draw(int count, render::Random &random) const
{
    constexpr int kSaves = int(std::size(kQualities));
    Examples examples{{}, torch::full({count, kAnswers}, -1.0f)};
    for (int i = 0; i < count; ++i) {
        Draw draw(std::uint64_t(random.next()) << 16 ^ random.next());
        const cv::Mat &picture = m_train.pictures[std::size_t(draw.integer(0, int(m_train.pictures.size()) - 1))];
        cv::Mat window = picture(cv::Rect(draw.integer(0, picture.cols - kWindow), draw.integer(0, picture.rows - kWindow), kWindow, kWindow)).clone();
        if (draw.chance(0.5))
            cv::flip(window, window, 1);
        const int save = draw.integer(0, kSaves - 1);
        if (i % 2 == 0) {
            for (int m = 0; m < kManipulations; ++m)
                examples.target[i][m * kSaves + save] = 0.0f;
        } else {
            const int m = i / 2 % kManipulations;
            examples.target[i][m * kSaves + save] = 1.0f;
            window = manipulated(window, Manipulation(m));
        }
        window = savedUsually(window, kQualities[save]);
        const int room = window.cols - kResidualPatch;
        examples.patches.push_back(window(cv::Rect(draw.integer(0, room), draw.integer(0, room), kResidualPatch, kResidualPatch)));
    }
    return examples;
}

Task::Batch ResidualTask::batch(int size, render::Random &random)
{
    const Examples examples = draw(size, random);
    return {asTensor(examples.patches), examples.target};
}

torch::Tensor ResidualTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    return balancedLoss(output, target);
}

std::string ResidualTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    const auto answersTo = [&](const std::vector<cv::Mat> &patches) {
        std::vector<torch::Tensor> parts;
        for (std::size_t first = 0; first < patches.size(); first += 32)
            parts.push_back(net.forward(asTensor({patches.begin() + std::ptrdiff_t(first), patches.begin() + std::ptrdiff_t(std::min(first + 32, patches.size()))})) > 0);
        return torch::cat(parts);
    };
    std::string text = "unseen cameras:";
    for (std::size_t save = 0; save < std::size(kQualities); ++save) {
        const auto patchesOf = [&](bool halved, std::optional<Manipulation> manipulation) {
            std::vector<cv::Mat> patches;
            int at = 0;
            for (std::size_t i = 0; i < m_unseen.pictures.size(); ++i) {
                const cv::Mat &picture = m_unseen.pictures[i];
                if (m_unseen.halved[i] == halved && at++ % 2 == 0)
                    addMiddle(savedUsually(manipulation ? manipulated(picture, *manipulation) : picture, kQualities[save]), &patches);
            }
            return patches;
        };
        const torch::Tensor untouched = answersTo(patchesOf(true, {})), camera = answersTo(patchesOf(false, {}));
        for (int m = 0; m < kManipulations; ++m) {
            const torch::Tensor changed = answersTo(patchesOf(true, Manipulation(m)));
            const int answer = m * int(std::size(kQualities)) + int(save);
            const auto share = [&](const torch::Tensor &answers) { return answers.select(1, answer).to(torch::kFloat).mean().item<double>(); };
            char part[128];
            std::snprintf(part, sizeof part, " %s %d: %.1f %% (camera pictures called so: %.1f %%);", kManipulationNames[std::size_t(m)], kQualities[save],
                          50.0 * (share(changed) + 1.0 - share(untouched)), 100.0 * share(camera));
            text += part;
        }
    }
    return text;
}

} // namespace fw::lab
