// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/manipulations.h"
#include "lab/train_loop.h"
#include "photos/patch_source.h"

namespace fw::lab {

constexpr int kResidualPatch = 128; ///< px

/// The short descriptor of residuals (162 values, unfolded) as a network: the third difference as a convolution, the
/// nearest of 81 tuples as a steep softmax over 81 convolutions, the histogram as their mean, then one linear layer. It
/// starts as the descriptor; training moves differences and tuples as well.
/// Source: Cozzolino, Poggi, Verdoliva, IH&MMSec 2017.
std::shared_ptr<TrainableNet> residualNet(int answers);

/// Was this patch filtered, made noisy or enlarged? One answer for each manipulation and each last save (none, JPEG 85).
class ResidualTask : public Task
{
public:
    ResidualTask(PatchSource train, PatchSource unseen);

    std::string name() const override { return "residual_network"; }
    /// Its linear layer fitted to the descriptor itself, which takes seconds: as published, training goes on from there.
    std::shared_ptr<TrainableNet> network() const override;
    cv::Size inputSize() const override { return {kResidualPatch, kResidualPatch}; }
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    /// For each manipulation and save: accuracy on patches of half-size pictures by cameras never trained on, and
    /// untouched patches of these cameras' pictures that are taken for changed.
    std::string validate(TrainableNet &net) override;

private:
    struct Examples
    {
        std::vector<cv::Mat> patches;
        torch::Tensor target; ///< patches x answers: 1, 0, or -1 where not asked
    };
    Examples draw(int count, render::Random &random) const;

    PatchSource m_train, m_unseen;
};

} // namespace fw::lab
