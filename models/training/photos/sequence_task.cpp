// SPDX-License-Identifier: GPL-3.0-or-later
#include "photos/sequence_task.h"

#include "lab/script_net.h"
#include "lab/weights.h"

#include <opencv2/imgproc.hpp>

#include <cstdio>

namespace fw::lab {
namespace {

constexpr int kState = 64, kMap = 32, kLayers = 2;
constexpr int kWidths[] = {8, 16, 32, 64};
constexpr int kCells = kSequenceAnswers;
constexpr float kInside = 0.95f, kOutside = 0.05f; ///< covered share of an answer's 4 x 4 px
constexpr int kLargeSide = 512;                    ///< of pictures of which a tile sees a part
constexpr int kValidationPictures = 40;

std::string text(int n)
{
    return std::to_string(n);
}

PatchSource largeEnough(const PatchSource &source)
{
    PatchSource large;
    for (std::size_t i = 0; i < source.pictures.size(); ++i) {
        if (std::min(source.pictures[i].cols, source.pictures[i].rows) >= kSequenceSide) {
            large.pictures.push_back(source.pictures[i]);
            large.halved.push_back(source.halved[i]);
        }
    }
    return large;
}

/// 1 where the paste was resampled, 0 where it was not and outside, -1 on its edge.
torch::Tensor answersOf(const PastedPicture &picture)
{
    cv::Mat covered;
    picture.mask.convertTo(covered, CV_32F, 1.0 / 255.0);
    cv::resize(covered, covered, cv::Size(kCells, kCells), 0, 0, cv::INTER_AREA);
    torch::Tensor answers = torch::empty({kCells * kCells});
    for (int i = 0; i < kCells * kCells; ++i) {
        const float share = covered.at<float>(i / kCells, i % kCells);
        answers[i] = share >= kInside ? (picture.resampled ? 1.0f : 0.0f) : share <= kOutside ? 0.0f : -1.0f;
    }
    return answers;
}

/// A tile of a picture: pastes may lie in it, reach beyond it, cover or miss it.
PastedPicture tileOf(Draw &draw, const PastedPicture &picture)
{
    const auto start = [&](int length) { return 8 * draw.integer(0, (length - kSequenceSide) / 8); };
    const cv::Rect place(start(picture.bgr.cols), start(picture.bgr.rows), kSequenceSide, kSequenceSide);
    return {picture.bgr(place).clone(), picture.mask(place).clone(), picture.resampled};
}

torch::Tensor asTensor(const cv::Mat &input)
{
    return torch::from_blob(input.data, {1, 1, input.rows, input.cols}).clone();
}

} // namespace

std::shared_ptr<TrainableNet> sequenceNet()
{
    ScriptText t;
    const std::vector<int> order = hilbertOrder(3), back = inverseOrder(order);
    const auto places = [](const std::vector<int> &v) { return torch::tensor(std::vector<std::int64_t>(v.begin(), v.end())); };
    const int pixels = kSequencePlanes * kSequenceSide;
    t << "n = x.size(0)"
      << "b = torch.reshape(x[:, 0, " + text(pixels) + ":" + text(kSequenceRows) + ", :], [n, " + text(kSequenceBlocks) + ", " + text(kSequenceValues) + "])"
      << "b = torch.index_select(b, 1, " + t.weight("order", places(order), false) + ")"
      << "z = x.new_zeros([" + text(kLayers) + ", n, " + text(kState) + "])";
    std::string cells;
    const float spread = 1.0f / std::sqrt(float(kState));
    for (int layer = 0; layer < kLayers; ++layer) {
        const int in = layer == 0 ? kSequenceValues : kState;
        const std::pair<const char *, std::vector<std::int64_t>> parts[] = {
            {"wi", {4 * kState, in}}, {"wh", {4 * kState, kState}}, {"bi", {4 * kState}}, {"bh", {4 * kState}}};
        for (const auto &[part, shape] : parts)
            cells += (cells.empty() ? "" : ", ") + t.weight(part + text(layer), torch::empty(shape).uniform_(-spread, spread));
    }
    t << "h, last, cell = torch.lstm(b, [z, z], [" + cells + "], True, " + text(kLayers) + ", 0.0, False, False, True)"
      << "h = torch.dropout(h, 0.1, self.training)"
      // A matrix of its own for every step.
      << "s = torch.bmm(torch.transpose(h, 0, 1), " + t.weight("step_w", torch::randn({kSequenceBlocks, kState, kMap}) * spread) + ") + "
             + t.weight("step_b", torch::zeros({kSequenceBlocks, 1, kMap}))
      << "s = torch.index_select(torch.transpose(s, 0, 1), 1, " + t.weight("back", places(back), false) + ")"
      << "s = torch.reshape(torch.transpose(s, 1, 2), [n, " + text(kMap) + ", " + text(kSequenceGrid) + ", " + text(kSequenceGrid) + "])"
      << "s = torch.relu(" + t.normalised("step_n", "s", kMap) + ")"
      << "s = " + t.enlargement("step_u", "s", kMap, kMap, 2);
    t << "e = torch.reshape(x[:, 0, 0:" + text(pixels) + ", :], [n, " + text(kSequencePlanes) + ", " + text(kSequenceSide) + ", " + text(kSequenceSide) + "])";
    std::int64_t products = kSequenceBlocks * 4 * kState * (kSequenceValues + 3 * kState);
    int in = kSequencePlanes, side = kSequenceSide;
    for (int stage = 0; stage < 4; ++stage) {
        const int out = kWidths[stage];
        const std::string s = "e" + text(stage);
        t << "e = " + t.normalised(s + "n", t.convolution(s + "c", "e", in, out, 3, 1, 1), out)
          << "r = torch.relu(" + t.normalised(s + "m", "e", out) + ")"
          << "r = torch.relu(" + t.normalised(s + "o", t.convolution(s + "d", "r", out, out, 3, 1, 1), out) + ")"
          << "e = torch.max_pool2d(torch.relu(e + " + t.convolution(s + "f", "r", out, out, 3, 1, 1) + "), [2, 2])";
        products += std::int64_t(side) * side * 9 * out * (in + 2 * out);
        in = out;
        side /= 2;
    }
    t << "e = torch.relu(" + t.normalised("en", t.convolution("ec", "e", in, kMap, 1, 1, 0), kMap) + ")"
      << "c = " + t.enlargement("u", "torch.cat([s, e], 1)", 2 * kMap, kMap, 4)
      << "c = torch.relu(" + t.normalised("un", "c", kMap) + ")"
      << "return torch.flatten(" + t.convolution("out", "c", kMap, 1, 1, 1, 0) + ", 1)";
    products += std::int64_t(kCells) * kCells * (2 * kMap * kMap * 4 + kMap);
    return std::make_shared<ScriptNet>(t, products);
}

SequenceTask::SequenceTask(const PatchSource &train, const PatchSource &unseen)
    : m_train(largeEnough(train))
    , m_unseen(largeEnough(unseen))
{
}

Task::Batch SequenceTask::batch(int size, render::Random &random)
{
    std::vector<torch::Tensor> inputs, answers;
    for (int i = 0; i < size; ++i) {
        Draw draw(std::uint64_t(random.next()) << 16 ^ random.next());
        const std::uint64_t seed = random.next();
        const int side = draw.chance(0.5) ? kSequenceSide : kLargeSide;
        const PastedPicture picture = tileOf(draw, drawPasted(draw, seed, m_train, side));
        inputs.push_back(asTensor(m_input.of(picture.bgr)));
        answers.push_back(answersOf(picture));
    }
    return {torch::cat(inputs), torch::stack(answers)};
}

torch::Tensor SequenceTask::loss(const torch::Tensor &output, const torch::Tensor &target)
{
    return balancedLoss(output, target);
}

std::string SequenceTask::validate(TrainableNet &net)
{
    const torch::NoGradGuard constant;
    std::string result = "AUC by 4 px, unseen cameras:";
    for (int way = 0; way < 2 * kPasteConditions; ++way) {
        const int condition = way % kPasteConditions, side = way < kPasteConditions ? kSequenceSide : kLargeSide;
        if (way % kPasteConditions == 0)
            result += way == 0 ? " whole pastes:" : "; parts of pastes:";
        double sum = 0.0;
        int pictures = 0;
        for (int i = 0; i < kValidationPictures; ++i) {
            Draw draw(0);
            const PastedPicture whole = validationPasted(draw, condition, i, m_unseen, side), picture = tileOf(draw, whole);
            if (const auto area = answeredArea(net.forward(asTensor(m_input.of(picture.bgr))), answersOf(picture))) {
                sum += *area;
                ++pictures;
            }
        }
        char part[96];
        std::snprintf(part, sizeof part, " %s %.3f", kPasteConditionNames[std::size_t(condition)], sum / std::max(pictures, 1));
        result += part;
    }
    return result;
}

} // namespace fw::lab
