// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "face_source.h"
#include "faces/alignment.h"
#include "infer/network.h"

#include <memory>

namespace fw {

/// Places 68 points on a face, says how far off they may be and whether a face is there.
/// One thread at a time.
class LandmarkNetwork
{
public:
    /// @param sha256  of the weights; they are refused when they have another.
    static Result<std::unique_ptr<LandmarkNetwork>> load(const QString &path,
                                                         const QString &sha256);

    /// A face that was only boxed. @param grey  CV_8UC1, the whole frame.
    PlacedFace place(const cv::Mat &grey, const cv::Rect2f &box);
    /// A face whose points are known to within a few percent of its size.
    /// @param step  how far it is expected to have moved since, px.
    PlacedFace follow(const cv::Mat &grey, const PlacedFace &last, const cv::Point2f &step = {0, 0});

private:
    explicit LandmarkNetwork(std::unique_ptr<Network> network);
    PlacedFace in(const cv::Mat &grey, const Similarity &toCrop);

    std::unique_ptr<Network> m_network;
};

} // namespace fw
