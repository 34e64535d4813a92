// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QByteArray>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// What the direction of one eye is told from, the eye seen as the one at the left of the picture, upright
/// and from the line of view: what the network says of it and of its partner, and where the head faces.
constexpr std::size_t kGazeTold = 62; ///< 30 numbers of each eye, two of the head
constexpr std::size_t kGazeEvidence = 1 + kGazeTold + kGazeTold * (kGazeTold + 1) / 2 + 2; ///< their products, too

struct GazeEvidence
{
    std::array<double, kGazeEvidence> values{};
    cv::Matx33d toUpright = cv::Matx33d::eye(); ///< camera axes to the axes that the values are told in
};

/// @param eye, partner  what the network gives for both eyes of a face, 31 numbers each.
/// @param facing  of the head, in upright axes (see GazeEvidence::toUpright).
GazeEvidence gazeEvidence(std::span<const float> eye, std::span<const float> partner, const cv::Vec3d &facing,
                          const cv::Matx33d &toUpright);

/// Tells the direction of an eye from both eyes and the head: one eye's part shows neither how the head
/// is turned nor how far its partner has turned, and where the ball lies behind the lids shows in how all of it goes together (ridge
/// regression over products of the evidence).
class GazeReader
{
public:
    /// @param weights  two rows of kGazeEvidence, for x and y.
    explicit GazeReader(std::vector<double> weights);
    static Result<GazeReader> load(const QString &path, const QString &sha256);
    QByteArray bytes() const;

    /// Unit vector in camera axes.
    cv::Vec3d direction(const GazeEvidence &evidence) const;

private:
    std::vector<double> m_weights;
};

} // namespace fw
