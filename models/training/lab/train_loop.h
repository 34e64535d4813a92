// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "lab/conv_net.h"
#include "render/noise.h"

#include <filesystem>
#include <functional>

namespace fw::lab {

struct TrainOptions
{
    std::filesystem::path folder; ///< checkpoints and the finished weights go here
    std::int64_t steps = 10000;
    int batch = 64;
    double rate = 2e-3; ///< of AdamW at the start; falls to 0 along a cosine
    double weightDecay = 1e-4;
    std::uint64_t seed = 1;
    int threads = 1;
    int validateEvery = 1000; ///< steps
    bool resume = false;
    std::filesystem::path from{}; ///< finished weights to begin with; empty: none
};

/// What a network learns: where batches come from, what an error is, how good it is.
class Task
{
public:
    virtual ~Task() = default;
    virtual std::string name() const = 0;
    /// With fresh weights.
    virtual std::shared_ptr<TrainableNet> network() const = 0;
    virtual cv::Size inputSize() const = 0;

    struct Batch
    {
        torch::Tensor input;  ///< pictures x channels x height x width
        torch::Tensor target; ///< pictures x numbers
    };
    virtual Batch batch(int size, render::Random &random) = 0;
    virtual torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) = 0;
    /// One line on samples that are not trained on.
    virtual std::string validate(TrainableNet &net) = 0;
};

/// One whose network is convolutions one after the other.
class ConvTask : public Task
{
public:
    virtual std::vector<Layer> layers() const = 0;
    std::shared_ptr<TrainableNet> network() const override { return std::make_shared<ConvNetImpl>(layers()); }
};

/// Trains with AdamW and keeps a running mean of the weights, which is what is validated and
/// saved. Writes checkpoints at every validation, from which a stopped run goes on, and
/// `<name>.fwm` at the end. Uses CUDA when there is one.
Result<void> train(Task &task, const TrainOptions &options);

/// A trained network from the checkpoint of a folder.
Result<std::shared_ptr<TrainableNet>> trained(const Task &task, const std::filesystem::path &folder);

} // namespace fw::lab
