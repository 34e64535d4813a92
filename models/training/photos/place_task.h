// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/train_loop.h"
#include "photo/place_values.h"
#include "photos/pasted_picture.h"

namespace fw::lab {

/// Was this place resampled, in a picture that as a whole was not? Places are judged in their picture, so that neither
/// the last save nor the camera's softness tells. A quarter of the pastes is not resampled: to come from elsewhere is
/// no sign.
class PlaceTask : public ConvTask
{
public:
    PlaceTask(PatchSource train, PatchSource unseen);

    std::string name() const override { return "resampling_places"; }
    std::vector<Layer> layers() const override;
    cv::Size inputSize() const override { return {2 * kPlaceValues, 1}; }
    /// @param size  pictures; each gives some eighty places. Places on the edge of a paste are not asked.
    Batch batch(int size, render::Random &random) override;
    torch::Tensor loss(const torch::Tensor &output, const torch::Tensor &target) override;
    /// Mean area under the curve by place within pictures of cameras never trained on: enlarged 1.2 times and bilinear,
    /// never saved and saved at 90; any geometry, never saved and saved at 70 to 89.
    std::string validate(TrainableNet &net) override;

private:
    struct Places
    {
        cv::Mat values; ///< one row per place
        std::vector<float> answers;
    };
    Places placesOf(Draw &draw, const PastedPicture &picture) const;

    PatchSource m_train, m_unseen;
    RadonFeatures m_radon;
};

} // namespace fw::lab
