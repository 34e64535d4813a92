// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "photo/resampling_features.h"

namespace fw {

constexpr int kSequenceSide = 256, kSequenceBlock = 32;     ///< px
constexpr int kSequenceGrid = kSequenceSide / kSequenceBlock; ///< blocks along a side
constexpr int kSequenceBlocks = kSequenceGrid * kSequenceGrid;
constexpr int kSequenceValues = 264;                        ///< of a block: 10 angles and their mean, 24 frequencies
constexpr int kSequencePlanes = 2;
/// What the network is fed of a tile has this many rows of kSequenceSide numbers: the planes, then the blocks' values.
constexpr int kSequenceValueRows = kSequenceBlocks * kSequenceValues / kSequenceSide;
constexpr int kSequenceRows = kSequencePlanes * kSequenceSide + kSequenceValueRows;
constexpr int kSequenceAnswers = 64;                        ///< along a side: one for every 4 px

/// The order in which Hilbert's curve visits a square of 2^order a side: the k-th number is the place (row by row) of
/// the k-th stop. Neighbours in the order are neighbours in the square.
std::vector<int> hilbertOrder(int order);

/// Where each place comes in an order.
std::vector<int> inverseOrder(const std::vector<int> &order);

/// What the sequence network is fed of a tile: luma without its slow part (resamplingResidual), luma itself in -1..1,
/// and of each block of 32 px, row by row, the values of RadonFeatures at 10 angles. The published network sees colours
/// and no means; a residual needs no knowledge of subjects, and the means tell how soft a block is.
/// Source: Bappy, Simons, Nataraj, Manjunath, Roy-Chowdhury, IEEE TIP 2019.
class SequenceInput
{
public:
    SequenceInput();
    /// @param tile  CV_8UC3, kSequenceSide a side. @return CV_32FC1, kSequenceRows x kSequenceSide.
    cv::Mat of(const cv::Mat &tile) const;

private:
    RadonFeatures m_radon{kSequenceBlock, 10};
    std::vector<cv::Point> m_corners;
};

} // namespace fw
