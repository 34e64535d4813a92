// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/train_loop.h"
#include "photo/block_sequence.h"
#include "photos/pasted_picture.h"

namespace fw::lab {

/// Two LSTMs over the blocks of a tile along Hilbert's curve, joined with convolutions over its pixels: one log-odds for
/// every 4 px. The published configuration but for its convolutions, a quarter as wide, and what they see
/// (see SequenceInput). Source: Bappy et al., IEEE TIP 2019.
std::shared_ptr<TrainableNet> sequenceNet();

/// Which part of a tile was resampled, when its surroundings were not?
class SequenceTask : public Task
{
public:
    SequenceTask(const PatchSource &train, const PatchSource &unseen);

    std::string name() const override { return "resampling_sequence"; }
    std::shared_ptr<TrainableNet> network() const override { return sequenceNet(); }
    cv::Size inputSize() const override { return {kSequenceSide, kSequenceRows}; }
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    /// Mean area under the curve within tiles by cameras never trained on, the conditions of validationPasted: pastes
    /// that lie in the tile, then parts of larger ones.
    std::string validate(TrainableNet &net) override;

private:
    PatchSource m_train, m_unseen;
    SequenceInput m_input;
};

} // namespace fw::lab
