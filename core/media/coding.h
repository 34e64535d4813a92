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
};

/// Which coding facts a codec can give through FFmpeg 5.1.
struct CodingSupport
{
    bool motionVectors = false;
    bool quantiser = false;
};
CodingSupport codingSupport(const char *codecName);

} // namespace fw
