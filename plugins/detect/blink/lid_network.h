// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/timestamp.h"
#include "detect/analysis.h"
#include "faces/eye_crop.h"
#include "infer/network.h"

#include <array>
#include <map>
#include <memory>
#include <vector>

namespace fw {

/// What the network says of one lid in one frame.
struct LidReading
{
    double closed = 0.0;  ///< probability that the eye is shut, 0..1
    double closure = 0.0; ///< how far the lid has come down, 0 open .. 1 shut
};

/// What is remembered of one eye from frame to frame: state and memory of the LSTM.
struct LidMemory
{
    static constexpr std::size_t kState = 64;
    std::array<float, 2 * kState> values{};
};

/// Follows lids through convolutions, an LSTM and dense layers, as Li, Chang and Lyu do (WIFS 2018), with
/// a network small enough for every frame. What is remembered belongs to one eye of one track; it starts
/// anew after a gap of more than 0.25 s (tracks end at cuts), and shorter gaps leave it as it is.
/// One thread at a time; frames in ascending order.
class LidNetwork
{
public:
    /// @param job  holds the models "blink-eye" and "blink-time" with their SHA-256.
    static Result<std::unique_ptr<LidNetwork>> load(const JobContext &job);

    struct Request
    {
        TrackId track{};
        Eye eye = Eye::ImageLeft;
        const Landmarks68 *points = nullptr; ///< px of the frame
    };
    /// All eyes of a frame at once. @param bgr  CV_8UC3, the frame. @param seconds  its time.
    /// @return one for each request; nullopt where the points are no shape or lie outside.
    Result<std::vector<std::optional<LidReading>>> read(const cv::Mat &bgr, double seconds,
                                                        const std::vector<Request> &requests);

    /// One step in time for eyes that are cut out already. @param parts  CV_32FC1 of kEyeCropWidth x
    /// kEyeCropHeight, mean 0 and deviation 1, seen as the eye at the left of the picture.
    Result<std::vector<LidReading>> step(const std::vector<cv::Mat> &parts, const std::vector<LidMemory *> &memories);

private:
    struct Follower
    {
        explicit Follower(Eye eye) : crop(eye) {}
        SteadyEyeCrop crop;
        LidMemory memory;
    };
    LidNetwork(std::unique_ptr<Network> eye, std::unique_ptr<Network> time);

    std::unique_ptr<Network> m_eye, m_time;
    std::map<std::pair<TrackId, Eye>, Follower> m_followers;
};

} // namespace fw
