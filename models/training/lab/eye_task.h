// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/face_sample.h"
#include "lab/train_loop.h"

namespace fw::lab {

/// Numbers that the eye network gives for an eye seen as the one at the left of the picture (the
/// other is mirrored): iris (2) and its radius in half widths of the part from its middle, twelve
/// lid points (24) likewise, openness, x and y of the direction of gaze in the upright camera
/// frame, logarithm of the deviation of the iris (px of the part).
constexpr int kEyeOutputs = 31;

/// A photograph of one eye that is known to be open or shut.
struct EyePicture
{
    cv::Mat grey;
    bool open = false;
};

/// Iris, lids, openness and gaze in a part around one eye.
class EyeTask : public ConvTask
{
public:
    struct Packs
    {
        SamplePack photos, renders, rendersTest;
        std::vector<EyePicture> pictures, picturesTest;
    };
    explicit EyeTask(Packs packs);

    std::string name() const override { return "eyes"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override;
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    std::string validate(TrainableNet &net) override;

private:
    Packs m_packs;
};

} // namespace fw::lab
