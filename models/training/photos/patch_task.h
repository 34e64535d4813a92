// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/train_loop.h"
#include "photos/patch_source.h"
#include "photo/place_values.h"

namespace fw::lab {

/// Was this patch of 64 px resampled? End to end from pixels; convolutions without padding, so that the
/// network slides over a picture and gives one answer every 8 px.
class PatchTask : public ConvTask
{
public:
    PatchTask(PatchSource train, PatchSource unseen);

    std::string name() const override { return "resampling_patch"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override { return {kResamplingPatch, kResamplingPatch}; }
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    /// Area under the curve on cameras never trained on: never saved, saved at 90 to 99, at 70 to 89.
    std::string validate(TrainableNet &net) override;

private:
    PatchSource m_train, m_unseen;
};

/// The six questions on placeValues: one network with six answers. Each example is asked only the question
/// that it was made for.
class TraceTask : public ConvTask
{
public:
    TraceTask(PatchSource train, PatchSource unseen);

    std::string name() const override { return "resampling_traces"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override { return {kPlaceValues, 1}; }
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    /// Area under the curve of each question on cameras never trained on, last save at 90 or better.
    std::string validate(TrainableNet &net) override;

private:
    cv::Mat featuresOf(const cv::Mat &patch) const;

    PatchSource m_train, m_unseen;
    RadonFeatures m_radon;
};

} // namespace fw::lab
