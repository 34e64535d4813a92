// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/patch_task.h"

#include "stats/ranking.h"

#include <cstdio>

namespace fw::lab {
namespace {

constexpr int kValidationPairs = 400; ///< patches of each answer and condition

std::uint64_t seedOf(render::Random &random)
{
    return std::uint64_t(random.next()) << 16 ^ random.next();
}

torch::Tensor asTensor(const std::vector<cv::Mat> &pictures)
{
    const cv::Mat &first = pictures.front();
    torch::Tensor tensor = torch::empty({std::int64_t(pictures.size()), 1, first.rows, first.cols});
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        cv::Mat to(first.rows, first.cols, CV_32FC1, tensor.data_ptr<float>() + i * first.total());
        pictures[i].copyTo(to);
    }
    return tensor;
}

std::vector<double> column(const torch::Tensor &output, int which)
{
    const torch::Tensor values = output.index({torch::indexing::Slice(), which}).contiguous().to(torch::kDouble);
    return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

std::string areaOf(const std::vector<double> &negatives, const std::vector<double> &positives)
{
    char text[32];
    const auto area = rocArea(negatives, positives);
    std::snprintf(text, sizeof text, "%.3f", area ? area->area : 0.0);
    return text;
}

} // namespace

PatchTask::PatchTask(PatchSource train, PatchSource unseen)
    : m_train(std::move(train))
    , m_unseen(std::move(unseen))
{
}

std::vector<Layer> PatchTask::layers() const
{
    const auto layer = [](int in, int out, int kernel, int stride) {
        Layer l;
        l.in = in;
        l.out = out;
        l.kernel = kernel;
        l.stride = stride;
        l.padding = 0;
        return l;
    };
    std::vector<Layer> layers{layer(1, 16, 5, 1), layer(16, 24, 3, 2), layer(24, 32, 3, 2), layer(32, 48, 3, 1),
                              layer(48, 64, 3, 2), layer(64, 48, 3, 1), layer(48, 32, 3, 1), layer(32, 1, 1, 1)};
    layers.back().relu = false;
    return layers;
}

Task::Batch PatchTask::batch(int size, render::Random &random)
{
    std::vector<cv::Mat> inputs;
    torch::Tensor target = torch::empty({size, 1});
    for (int i = 0; i < size; ++i) {
        Draw draw(seedOf(random));
        const bool positive = i % 2 == 1;
        inputs.push_back(resamplingResidual(patchOf(draw, m_train, drawForResampled(draw, positive))));
        target[i][0] = positive ? 1.0f : 0.0f;
    }
    return {asTensor(inputs), target};
}

torch::Tensor PatchTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    return torch::binary_cross_entropy_with_logits(output, target);
}

std::string PatchTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    static constexpr const char *kNames[] = {"never saved", "90-99", "70-89"};
    std::string text = "AUC on unseen cameras:";
    for (int condition = 0; condition < 3; ++condition) {
        std::vector<double> scores[2];
        for (int positive = 0; positive < 2; ++positive) {
            std::vector<cv::Mat> inputs;
            for (int i = 0; i < kValidationPairs; ++i) {
                Draw draw(std::uint64_t(900000 + 10000 * condition + 2 * i + positive));
                PatchHistory history = drawForResampled(draw, positive == 1);
                history.after = condition == 0 ? 0 : condition == 1 ? draw.integer(90, 99) : draw.integer(70, 89);
                inputs.push_back(resamplingResidual(patchOf(draw, m_unseen, history)));
            }
            scores[positive] = column(net.forward(asTensor(inputs)), 0);
        }
        text += std::string(" ") + kNames[condition] + " " + areaOf(scores[0], scores[1]);
    }
    return text;
}

TraceTask::TraceTask(PatchSource train, PatchSource unseen)
    : m_train(std::move(train))
    , m_unseen(std::move(unseen))
{
}

std::vector<Layer> TraceTask::layers() const
{
    std::vector<Layer> layers(3);
    layers[0].in = 1;
    layers[0].kernel = 1;
    layers[0].kernelWide = kPlaceValues;
    layers[0].out = layers[1].in = 160;
    layers[1].out = layers[2].in = 96;
    layers[2].out = kTraces;
    layers[1].kernel = layers[2].kernel = 1;
    for (Layer &layer : layers)
        layer.padding = 0;
    layers[2].relu = false;
    return layers;
}

cv::Mat TraceTask::featuresOf(const cv::Mat &patch) const
{
    return placeValues(m_radon, patch, {cv::Point(0, 0)});
}

Task::Batch TraceTask::batch(int size, render::Random &random)
{
    std::vector<cv::Mat> inputs;
    torch::Tensor target = torch::full({size, kTraces}, -1.0f); // below 0: not asked
    for (int i = 0; i < size; ++i) {
        Draw draw(seedOf(random));
        const int trace = i % kTraces;
        const bool positive = draw.chance(0.5);
        inputs.push_back(featuresOf(patchOf(draw, m_train, drawForTrace(draw, TraceKind(trace), positive))));
        target[i][trace] = positive ? 1.0f : 0.0f;
    }
    return {asTensor(inputs), target};
}

torch::Tensor TraceTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    const torch::Tensor asked = (target >= 0.0).to(torch::kFloat);
    return torch::binary_cross_entropy_with_logits(output, target.clamp_min(0.0), asked, {}, at::Reduction::Sum)
        / asked.sum();
}

std::string TraceTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    std::string text = "AUC on unseen cameras:";
    for (int trace = 0; trace < kTraces; ++trace) {
        std::vector<double> scores[2];
        for (int positive = 0; positive < 2; ++positive) {
            std::vector<cv::Mat> inputs;
            for (int i = 0; i < kValidationPairs; ++i) {
                Draw draw(std::uint64_t(700000 + 10000 * trace + 2 * i + positive));
                PatchHistory history = drawForTrace(draw, TraceKind(trace), positive == 1);
                if (history.after > 0)
                    history.after = draw.integer(90, 99);
                inputs.push_back(featuresOf(patchOf(draw, m_unseen, history)));
            }
            scores[positive] = column(net.forward(asTensor(inputs)), trace);
        }
        text += std::string(" ") + kTraceNames[std::size_t(trace)] + " " + areaOf(scores[0], scores[1]);
    }
    return text;
}

} // namespace fw::lab
