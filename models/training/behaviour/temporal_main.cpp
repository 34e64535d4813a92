// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the networks of the temporal-attention method on observed clips and measures them on sources
// that were not trained on.
#include "behaviour/temporal_net.h"
#include "behaviour/temporal_set.h"
#include "faces/behaviour_window.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <ATen/Parallel.h>
#include <torch/optim.h>
#include <torch/utils.h>

#include <QCommandLineParser>
#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <functional>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::lab;

namespace {

struct Order
{
    int steps = 500, pairs = 16;
    std::uint64_t seed = 1;
    std::optional<TemporalEdit> without;
    bool transformer = false;

    TemporalNetPtr network() const
    {
        return transformer ? TemporalNetPtr(std::make_shared<TransformerNet>()) : std::make_shared<RecurrentNet>();
    }
};

TemporalNetPtr trained(const TemporalSet &set, const Order &order)
{
    torch::manual_seed(order.seed);
    std::mt19937_64 random(order.seed * 7919);
    const TemporalNetPtr net = order.network(), mean = order.network();
    torch::optim::AdamW optimiser(net->parameters(), torch::optim::AdamWOptions(1.5e-3).weight_decay(1e-3));
    const auto start = std::chrono::steady_clock::now();
    double lossSum = 0.0;
    for (int step = 0; step < order.steps; ++step) {
        const double rate = 1.5e-3 * std::min(1.0, (step + 1) / 30.0) * 0.5 * (1.0 + std::cos(M_PI * step / order.steps));
        for (auto &group : optimiser.param_groups())
            static_cast<torch::optim::AdamWOptions &>(group.options()).lr(rate);
        const TemporalSet::Batch batch = set.batch(order.pairs, order.without, random);
        optimiser.zero_grad();
        const torch::Tensor soft = torch::tensor(batch.targets) * 0.95 + 0.025;
        const torch::Tensor loss = torch::binary_cross_entropy_with_logits(net->forward(tensorOf(batch.windows)).logit, soft);
        loss.backward();
        torch::nn::utils::clip_grad_norm_(net->parameters(), 1.0);
        optimiser.step();
        const torch::NoGradGuard constant;
        const double keep = std::min(0.99, double(step) / double(step + 10));
        const auto from = net->parameters(), to = mean->parameters();
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i].mul_(keep).add_(from[i].detach(), 1.0 - keep);
        lossSum += loss.item<double>();
        if ((step + 1) % 50 == 0) {
            std::printf("  step %d of %d  loss %.4f  %.0f s\n", step + 1, order.steps, lossSum / 50.0,
                        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            std::fflush(stdout);
            lossSum = 0.0;
        }
    }
    mean->eval();
    return mean;
}

using Score = std::function<std::vector<double>(const std::vector<std::vector<float>> &)>;

/// Windows of every test source: genuine, and after one edit.
void printEdits(const std::vector<TemporalClip> &clips, const Score &score, const char *head)
{
    std::printf("%s, windows of sources never trained on:\n", head);
    for (const TemporalEdit edit : kTemporalEdits) {
        std::mt19937_64 random(99);
        std::vector<double> genuine, manipulated;
        for (const TemporalClip &c : clips) {
            if (c.train || c.manipulated)
                continue;
            for (std::size_t begin = 4; begin + kWindowFrames <= c.rows.size(); begin += kWindowFrames) {
                const auto rows = edited(c.rows, begin - 4, std::size_t(kWindowFrames) + 4, edit, random);
                const auto a = windowValues(c.rows, begin), b = windowValues(rows, 4);
                if (!a || !b)
                    continue;
                genuine.push_back(score({*a}).front());
                manipulated.push_back(score({*b}).front());
            }
        }
        const auto area = rocArea(genuine, manipulated);
        std::printf("  %-8s %4zu windows  area %.3f  95 %% from %.3f to %.3f\n", nameOf(edit), genuine.size(), area->area, area->low, area->high);
    }
    std::fflush(stdout);
}

/// Real clips of one half of the sources: median over windows that do not overlap.
void printClips(const std::vector<TemporalClip> &clips, bool train, const Score &score)
{
    std::vector<double> genuine, manipulated;
    for (const TemporalClip &c : clips) {
        if (c.train != train)
            continue;
        const auto windows = separateWindows(c.rows);
        if (windows.empty())
            continue;
        const double value = *median(score(windows));
        std::printf("    %-60s %s  %2zu windows  %+.2f\n", qPrintable(c.name), c.manipulated ? "manipulated" : "genuine    ", windows.size(), value);
        (c.manipulated ? manipulated : genuine).push_back(value);
    }
    const auto area = rocArea(genuine, manipulated);
    std::printf("real clips, %s: %zu genuine, %zu manipulated: area %.3f, 95 %% from %.3f to %.3f\n",
                train ? "sources trained on" : "sources never trained on", genuine.size(), manipulated.size(), area->area, area->low, area->high);
    std::fflush(stdout);
}

void printChecks(const std::vector<TemporalClip> &clips, const std::vector<TemporalNetPtr> &nets, torch::jit::Module script, const Score &score)
{
    std::mt19937_64 random(5);
    const torch::NoGradGuard constant;
    std::vector<double> change, stillGenuine, stillManipulated;
    double apart = 0.0, masked = 0.0;
    for (const TemporalClip &c : clips) {
        if (c.train)
            continue;
        for (std::vector<float> w : separateWindows(c.rows)) {
            const torch::Tensor x = tensorOf({w});
            double mean = 0.0;
            for (const TemporalNetPtr &net : nets)
                mean += net->forward(x).logit.item<double>() / double(nets.size());
            const auto outputs = script.forward({x.unsqueeze(1)}).toTuple();
            apart = std::max(apart, std::abs(outputs->elements()[0].toTensor().item<double>() - mean));
            torch::Tensor hidden = x.clone();
            hidden[0][7][kFrameValues - 1] = 0.0;
            const torch::Tensor a = script.forward({hidden.unsqueeze(1)}).toTuple()->elements()[2].toTensor();
            masked = std::max(masked, a[0][7].item<double>());
            std::vector<float> still;
            for (int f = 0; f < kWindowFrames; ++f)
                still.insert(still.end(), w.begin(), w.begin() + kFrameValues);
            (c.manipulated ? stillManipulated : stillGenuine).push_back(score({still}).front());
            if (c.manipulated) {
                const torch::Tensor mixed = x.index_select(1, torch::randperm(kWindowFrames, torch::kLong));
                const auto permuted = script.forward({mixed.unsqueeze(1)}).toTuple();
                change.push_back(std::abs(permuted->elements()[0].toTensor().item<double>() - mean));
            }
        }
    }
    double sum = 0.0;
    for (const double v : change)
        sum += v / double(change.size());
    std::printf("frames in another order change the output by %.2f in the mean; attention on a frame not measured at most %.1e; script and training apart by at most %.1e\n",
                sum, masked, apart);
    const auto area = rocArea(stillGenuine, stillManipulated);
    std::printf("first frame repeated: area %.3f, 95 %% from %.3f to %.3f\n", area->area, area->low, area->high);
}

Score scoreOf(const std::vector<TemporalNetPtr> &nets)
{
    return [nets](const std::vector<std::vector<float>> &windows) {
        const torch::NoGradGuard constant;
        torch::Tensor sum = torch::zeros({std::int64_t(windows.size())});
        const torch::Tensor x = tensorOf(windows);
        for (const TemporalNetPtr &net : nets)
            sum += net->forward(x).logit;
        sum /= double(nets.size());
        return std::vector<double>(sum.data_ptr<float>(), sum.data_ptr<float>() + sum.numel());
    };
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(u"FOLDER"_s, u"holds *.fwobs of behaviour_observe"_s);
    parser.addPositionalArgument(u"OUT"_s, u"the weight file to write"_s);
    parser.addOptions({{u"steps"_s, u"Batches of each network."_s, u"N"_s, u"500"_s},
                       {u"nets"_s, u"Networks."_s, u"N"_s, u"3"_s},
                       {u"transformer"_s, u"Train the small transformer in place of the recurrent network."_s},
                       {u"leave-out"_s, u"Train without each kind of edit in turn and test on it, one network each; write nothing."_s}});
    parser.addHelpOption();
    parser.process(app);
    if (parser.positionalArguments().size() != 2) {
        std::fprintf(stderr, "name the folder with the observed clips and the weight file to write\n");
        return 2;
    }
    at::set_num_threads(1);
    const auto clips = temporalClips(parser.positionalArguments().at(0));
    if (!clips) {
        std::fprintf(stderr, "%s\n", qPrintable(clips.error().text()));
        return 1;
    }
    const TemporalSet set(*clips);
    Order order;
    order.steps = parser.value(u"steps"_s).toInt();
    order.transformer = parser.isSet(u"transformer"_s);
    if (parser.isSet(u"leave-out"_s)) {
        for (const TemporalEdit edit : kTemporalEdits) {
            order.without = edit;
            std::printf("trained without %s\n", nameOf(edit));
            printEdits(*clips, scoreOf({trained(set, order)}), nameOf(edit));
        }
        return 0;
    }
    std::vector<TemporalNetPtr> nets;
    for (int n = 0; n < parser.value(u"nets"_s).toInt(); ++n) {
        order.seed = std::uint64_t(n) + 1;
        nets.push_back(trained(set, order));
    }
    const torch::NoGradGuard constant;
    std::mt19937_64 random(3);
    const torch::Tensor states = nets.front()->forward(tensorOf(set.batch(400, {}, random).windows)).state;
    torch::jit::Module script = temporalScript(nets, states);
    script.save(parser.positionalArguments().at(1).toStdString());
    const Score score = scoreOf(nets);
    printEdits(*clips, score, "edits");
    printClips(*clips, true, score);
    printClips(*clips, false, score);
    printChecks(*clips, nets, script, score);
    return 0;
}
