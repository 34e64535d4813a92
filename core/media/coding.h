// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace fw {

/// One motion vector as the bitstream holds it, in pixels of the coded picture.
struct MotionVector
{
    std::int16_t dstX = 0, dstY = 0; ///< centre of the predicted block
    std::int16_t srcX = 0, srcY = 0; ///< where it was taken from
    std::uint8_t width = 0, height = 0;
    std::int8_t source = 0;          ///< < 0 from the past, > 0 from the future
};

/// How the macroblocks (16 x 16 px) of one picture were coded.
struct MacroblockCounts
{
    int total = 0;
    int intra = 0;         ///< without prediction, raw blocks included
    int skipped = 0;       ///< nothing is stored: copied by the predicted vector
    int forward = 0;       ///< predicted from the past only
    int backward = 0;      ///< from the future only
    int bidirectional = 0; ///< from both; direct blocks with a residual count here
    friend bool operator==(const MacroblockCounts &, const MacroblockCounts &) = default;
};

/// What the bitstream says of one picture, as far as its codec tells (see codingSupport).
struct CodingFrame
{
    char pictureType = '?';
    bool keyFrame = false;
    bool interlaced = false;
    bool topFieldFirst = false;
    int repeatPicture = 0;
    int packetBytes = 0;
    std::optional<float> qpMean, qpMin, qpMax; ///< quantiser over the macroblocks
    std::vector<MotionVector> motion;          ///< empty when the codec gives none or intra
    /// When asked for and given by the codec; MPEG streams give none for their last picture.
    std::optional<MacroblockCounts> macroblocks;
};

/// Which coding facts a codec can give through FFmpeg 5.1.
struct CodingSupport
{
    bool motionVectors = false;
    bool quantiser = false;
    bool macroblocks = false;
};
CodingSupport codingSupport(const char *codecName);

} // namespace fw
