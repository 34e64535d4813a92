// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"
#include "infer/network.h"

#include <memory>

namespace fw {

/// Places the landmarks of the inner face once more, with everything round it made grey. A network that
/// sees a whole face pulls inner face and outline towards each other; one that sees the inner face alone
/// cannot. One thread at a time.
class InnerLandmarks
{
public:
    /// The landmark network of the face observer. @param sha256  of the weights; others are refused.
    static Result<std::unique_ptr<InnerLandmarks>> load(const QString &path, const QString &sha256);

    /// @param bgr    CV_8UC3 or CV_8UC1, the whole frame.
    /// @param known  where the points are thought to be. @return only points 17..67 mean something;
    ///               Errc::BadData when the known points are no shape.
    Result<Landmarks68> place(const cv::Mat &bgr, const Landmarks68 &known);

private:
    explicit InnerLandmarks(std::unique_ptr<Network> network) : m_network(std::move(network)) {}
    std::unique_ptr<Network> m_network;
};

/// A square for the network, CV_32FC1, with all but the hull of the inner points (enlarged a little, with
/// a soft edge) replaced by the mean of the hull; mean 0 and deviation 1 afterwards.
/// @param points  in the square's pixels.
cv::Mat withoutOuterFace(const cv::Mat &square, const Landmarks68 &points);

} // namespace fw
