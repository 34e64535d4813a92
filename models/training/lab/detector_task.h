// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/face_sample.h"
#include "lab/train_loop.h"

namespace fw::lab {

/// Small faces anywhere in a picture, as squares: see faces/face_grid.h.
class DetectorTask : public ConvTask
{
public:
    struct Packs
    {
        SamplePack photos, renders, photosTest, rendersTest;
    };
    /// @param backgrounds  pictures without faces.
    DetectorTask(Packs packs, std::vector<cv::Mat> backgrounds);

    std::string name() const override { return "detector"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override;
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    std::string validate(TrainableNet &net) override;

private:
    struct Scene
    {
        cv::Mat grey;
        std::vector<cv::Rect2f> faces;
    };
    Scene scene(const SamplePack &photos, const SamplePack &renders, render::Random &random) const;

    Packs m_packs;
    std::vector<cv::Mat> m_backgrounds;
};

} // namespace fw::lab
