// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/alignment.h"
#include "faces/camera.h"
#include "faces/face.h"
#include "gaze_reader.h"
#include "infer/network.h"

#include <memory>
#include <optional>
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
    /// Without a reader the gaze is what the network says of each eye by itself.
    void setGazeReader(GazeReader reader) { m_reader = std::move(reader); }

    /// All eyes of a frame at once. @param grey  CV_8UC1, the whole frame.
    /// @param evidence  when given, receives what each gaze is told from, for those who learn it.
    /// @return one for each request; nullopt where the landmarks are no shape.
    Result<std::vector<std::optional<EyeObservation>>>
    read(const cv::Mat &grey, const Camera &camera, const std::vector<EyeRequest> &requests,
         std::vector<std::optional<GazeEvidence>> *evidence = nullptr);

private:
    explicit EyeNetwork(std::unique_ptr<Network> network);

    std::unique_ptr<Network> m_network;
    std::optional<GazeReader> m_reader;
};

/// Centre of an eyeball, mm, camera axes: from the pose and the mean head.
cv::Vec3d eyeballCentre(const HeadPose &pose, Eye eye);

} // namespace fw
