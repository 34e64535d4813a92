// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "media/coding.h"
#include "media/ledger.h"

#include <opencv2/core.hpp>

#include <optional>
#include <vector>

namespace fw {

/// What the bitstream of one picture amounts to in numbers. What its codec does not give is nullopt.
struct CodingNumbers
{
    std::optional<double> packetBytes;
    std::optional<double> qpMean, qpMin, qpMax;
    std::optional<double> motionPixels; ///< mean length of the vectors, weighted by block area
    std::optional<double> intraShare;   ///< P pictures: area without a vector, 0..1
};

/// @param codedSize  px as coded; rounded up to whole macroblocks of 16 px here.
/// @param support  what the codec can give at all, so that "no vectors" is told from "no support".
/// In P pictures every block is predicted or intra, and skipped blocks carry a vector, so the area
/// without one is intra. In B pictures blocks may be predicted twice: no share is computed.
CodingNumbers codingNumbers(const CodingFrame &frame, cv::Size codedSize, const CodingSupport &support);

/// How the pictures of a stream are arranged.
struct PictureTypes
{
    std::int64_t intra = 0, predicted = 0, bidirectional = 0, other = 0, keyFrames = 0;
    std::vector<std::int64_t> groupLengths; ///< frames from one key frame to the next, in order
    std::int64_t longestRunOfB = 0;

    std::int64_t total() const { return intra + predicted + bidirectional + other; }
};
PictureTypes pictureTypes(const Ledger &ledger);

/// The most frequent value and how often it occurs; the smaller one on a tie. nullopt when empty.
struct Mode
{
    std::int64_t value = 0;
    std::int64_t count = 0;
};
std::optional<Mode> modeOf(const std::vector<std::int64_t> &values);

} // namespace fw
