// SPDX-License-Identifier: GPL-3.0-or-later
#include "coding_trace.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace fw {
namespace {

constexpr int kMacroblock = 16;

int wholeMacroblocks(int pixels)
{
    return (pixels + kMacroblock - 1) / kMacroblock * kMacroblock;
}

} // namespace

CodingNumbers codingNumbers(const CodingFrame &frame, cv::Size codedSize, const CodingSupport &support)
{
    CodingNumbers numbers;
    if (frame.packetBytes > 0)
        numbers.packetBytes = frame.packetBytes;
    if (frame.qpMean)
        numbers.qpMean = *frame.qpMean;
    if (frame.qpMin)
        numbers.qpMin = *frame.qpMin;
    if (frame.qpMax)
        numbers.qpMax = *frame.qpMax;

    double area = 0.0, length = 0.0;
    for (const MotionVector &vector : frame.motion) {
        const double blockArea = double(vector.width) * double(vector.height);
        area += blockArea;
        length += blockArea * std::hypot(double(vector.srcX) - double(vector.dstX),
                                         double(vector.srcY) - double(vector.dstY));
    }
    if (area > 0.0)
        numbers.motionPixels = length / area;
    const double whole = double(wholeMacroblocks(codedSize.width))
        * double(wholeMacroblocks(codedSize.height));
    if (support.motionVectors && frame.pictureType == 'P' && whole > 0.0)
        numbers.intraShare = std::clamp(1.0 - area / whole, 0.0, 1.0);
    return numbers;
}

PictureTypes pictureTypes(const Ledger &ledger)
{
    PictureTypes types;
    std::optional<std::int64_t> lastKey;
    std::int64_t runOfB = 0;
    for (std::int64_t i = 0; i < ledger.count(); ++i) {
        const LedgerEntry &entry = ledger.entries[std::size_t(i)];
        switch (entry.pictureType) {
        case 'I': ++types.intra; break;
        case 'P': ++types.predicted; break;
        case 'B': ++types.bidirectional; break;
        default: ++types.other; break;
        }
        runOfB = entry.pictureType == 'B' ? runOfB + 1 : 0;
        types.longestRunOfB = std::max(types.longestRunOfB, runOfB);
        if (entry.keyFrame) {
            ++types.keyFrames;
            if (lastKey)
                types.groupLengths.push_back(i - *lastKey);
            lastKey = i;
        }
    }
    return types;
}

std::optional<Mode> modeOf(const std::vector<std::int64_t> &values)
{
    std::map<std::int64_t, std::int64_t> counts;
    for (const std::int64_t value : values)
        ++counts[value];
    std::optional<Mode> best;
    for (const auto &[value, count] : counts) {
        if (!best || count > best->count)
            best = Mode{value, count};
    }
    return best;
}

} // namespace fw
