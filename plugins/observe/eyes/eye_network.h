// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/alignment.h"
#include "faces/camera.h"
#include "faces/face.h"
#include "infer/network.h"

#include <memory>
#include <vector>

namespace fw {

/// Which eye of which face is to be read.
struct EyeRequest
{
    const FaceObservation *face = nullptr; ///< with landmarks
    Eye eye = Eye::ImageLeft;
};

/// Reads iris, lids, openness and gaze from the picture. One thread at a time.
class EyeNetwork
{
public:
    /// @param sha256  of the weights; they are refused when they have another.
    static Result<std::unique_ptr<EyeNetwork>> load(const QString &path, const QString &sha256);

    /// All eyes of a frame at once. @param grey  CV_8UC1, the whole frame.
    /// @return one for each request; nullopt where the landmarks are no shape.
    Result<std::vector<std::optional<EyeObservation>>>
    read(const cv::Mat &grey, const Camera &camera, const std::vector<EyeRequest> &requests);

private:
    explicit EyeNetwork(std::unique_ptr<Network> network);

    std::unique_ptr<Network> m_network;
};

/// Centre of an eyeball, mm, camera axes: from the pose and the mean head.
cv::Vec3d eyeballCentre(const HeadPose &pose, Eye eye);

} // namespace fw
