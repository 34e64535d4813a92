// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "lab/face_sample.h"
#include "lab/train_loop.h"

namespace fw::lab {

/// Numbers that the landmark network gives: 68 points relative to the middle of the square in half
/// sides, the logarithm of their deviation (px of the square) for jaw, brows, nose, eyes, mouth,
/// and whether there is a face.
constexpr int kLandmarkOutputs = 136 + 5 + 1;

/// Error of a face: mean distance over the distance between the outer eye corners.
struct LandmarkError
{
    double all = 0, withoutJaw = 0;
};
LandmarkError landmarkError(const Landmarks68 &found, const Landmarks68 &truth);

/// 68 points in a square around the face.
class LandmarkTask : public ConvTask
{
public:
    struct Packs
    {
        SamplePack photos, renders;         ///< trained on
        SamplePack photosTest, rendersTest; ///< other people
    };
    /// @param backgrounds  pictures without faces.
    LandmarkTask(Packs packs, std::vector<cv::Mat> backgrounds);

    std::string name() const override { return "landmarks"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override;
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    std::string validate(TrainableNet &net) override;

private:
    struct Example
    {
        cv::Mat input; ///< CV_32FC1
        std::vector<float> target;
    };
    Example faceExample(render::Random &random);
    Example emptyExample(render::Random &random);

    Packs m_packs;
    std::vector<cv::Mat> m_backgrounds;
    torch::Tensor m_weights; ///< of the points in the error
};

} // namespace fw::lab
