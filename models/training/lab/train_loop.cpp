// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/train_loop.h"

#include "lab/weights.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/optim.h>
#include <torch/serialize.h>
#include <torch/utils.h>

#include <chrono>
#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Rises over the first steps, then falls along a cosine.
double rateAt(const TrainOptions &o, std::int64_t step)
{
    const double warm = std::min(1.0, double(step + 1) / 200.0);
    return o.rate * warm * 0.5 * (1.0 + std::cos(M_PI * double(step) / double(o.steps)));
}

std::string in(const std::filesystem::path &folder, const char *file)
{
    return (folder / file).string();
}

} // namespace

Result<void> train(Task &task, const TrainOptions &o)
{
    at::set_num_threads(o.threads);
    torch::manual_seed(o.seed);
    const torch::Device device = torch::cuda::is_available() ? torch::kCUDA : torch::kCPU;
    std::filesystem::create_directories(o.folder);
    try {
        const std::shared_ptr<TrainableNet> net = task.network(), mean = task.network();
        torch::optim::AdamW optimiser(net->parameters(), torch::optim::AdamWOptions(o.rate)
                                                             .weight_decay(o.weightDecay));
        std::int64_t step = 0;
        if (o.resume && std::filesystem::exists(o.folder / "step.pt")) {
            torch::Tensor at;
            torch::load(net, in(o.folder, "net.pt"));
            torch::load(mean, in(o.folder, "mean.pt"));
            torch::load(optimiser, in(o.folder, "optimiser.pt"));
            torch::load(at, in(o.folder, "step.pt"));
            step = at.item<std::int64_t>();
        } else if (!o.from.empty()) {
            render::Random few(o.seed);
            net->takeOver(torch::jit::load(o.from.string()), task.batch(256, few).input);
        }
        net->to(device);
        mean->to(device);
        const cv::Size size = task.inputSize();
        std::printf("%s: %lld parameters, %.1f million multiplications a picture\n",
                    task.name().c_str(), static_cast<long long>(net->parameterCount()),
                    double(net->multiplications(size.height, size.width)) / 1e6);
        // After a resume the batches differ from those of an unbroken run, but stay reproducible.
        render::Random random(o.seed * 7919u + std::uint64_t(step));
        const auto start = Clock::now();
        const std::int64_t first = step;
        double lossSum = 0.0;
        std::int64_t lossCount = 0;
        net->train();
        mean->eval();
        while (step < o.steps) {
            setRate(optimiser, rateAt(o, step));
            const Task::Batch batch = task.batch(o.batch, random);
            optimiser.zero_grad();
            const torch::Tensor loss =
                task.loss(net->forward(batch.input.to(device)), batch.target.to(device));
            loss.backward();
            torch::nn::utils::clip_grad_norm_(net->parameters(), 5.0);
            optimiser.step();
            followWeights(*mean, *net, step++, 0.998);
            lossSum += loss.item<double>();
            ++lossCount;
            if (step % o.validateEvery != 0 && step != o.steps)
                continue;
            mean->to(torch::kCPU);
            const std::string figures = task.validate(*mean);
            torch::save(mean, in(o.folder, "mean.pt"));
            mean->to(device);
            torch::save(net, in(o.folder, "net.pt"));
            torch::save(optimiser, in(o.folder, "optimiser.pt"));
            torch::save(torch::tensor(step), in(o.folder, "step.pt"));
            const double left =
                secondsSince(start) / double(step - first) * double(o.steps - step);
            std::printf("step %lld of %lld  loss %.4f  %s  %.0f min left\n",
                        static_cast<long long>(step), static_cast<long long>(o.steps),
                        lossSum / double(lossCount), figures.c_str(), left / 60.0);
            std::fflush(stdout);
            lossSum = 0.0;
            lossCount = 0;
        }
        mean->to(torch::kCPU);
        mean->script(task.name()).save((o.folder / (task.name() + ".fwm")).string());
        return {};
    } catch (const std::exception &e) {
        return fail(Errc::Internal, QString::fromUtf8(e.what()).section(u'\n', 0, 2),
                    QString::fromStdString(task.name()));
    }
}

Result<std::shared_ptr<TrainableNet>> trained(const Task &task, const std::filesystem::path &folder)
{
    try {
        std::shared_ptr<TrainableNet> net = task.network();
        torch::load(net, in(folder, "mean.pt"));
        net->eval();
        return net;
    } catch (const std::exception &e) {
        return fail(Errc::NotFound, QString::fromUtf8(e.what()).section(u'\n', 0, 0),
                    QString::fromStdString(folder.string()));
    }
}

} // namespace fw::lab
