// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/twin_changes.h"
#include "lab/train_loop.h"

#include <filesystem>
#include <map>

namespace fw::lab {

/// What makeZoo wrote: photographs and what each auto-encoder makes of the same ones.
struct Twins
{
    std::vector<cv::Mat> real;
    std::map<std::string, std::vector<cv::Mat>> made;

    /// @throws std::runtime_error when the folder holds no twins.
    static Twins read(const std::filesystem::path &folder);
};

/// Was this picture made by a network? From matrices of pairs of values (pairPlanes), photographs against their
/// auto-encoded twins with the same tone, size and save. Every third auto-encoder is left out of training.
class PairTask : public ConvTask
{
public:
    /// @param unseen  of pictures by cameras that are never trained on.
    PairTask(Twins train, Twins unseen);

    std::string name() const override { return "pairs"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override;
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    /// For no save, JPEG 90 and 75, on auto-encoders and cameras that were left out: area under the curve, that of the
    /// worst auto-encoder, and what lies above the limit that 2 % of one half of these photographs reach: twins, photographs
    /// of the other half (by other cameras) as they are and with other gammas and contrasts.
    std::string validate(TrainableNet &net) override;

private:
    std::vector<double> scores(TrainableNet &net, const std::vector<cv::Mat> &pictures) const;

    Twins m_train, m_unseen;
    std::vector<std::string> m_members, m_leftOut;
};

} // namespace fw::lab
