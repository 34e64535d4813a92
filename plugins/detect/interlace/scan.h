// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <QString>

#include <vector>

namespace fw {

/// How one frame was scanned, by its own pixels.
enum class FrameScan { Unknown, Progressive, TopFirst, BottomFirst };

/// Compares the lines of a frame with the fields of its neighbours, as FFmpeg's filter idet does:
/// the field that is nearer in time continues the picture better.
/// All three are CV_8UC1 of one size. Still scenes give Unknown.
FrameScan frameScan(const cv::Mat &before, const cv::Mat &here, const cv::Mat &after);

/// How a whole clip was scanned.
enum class ScanClass { Unknown, Progressive, TopFirst, BottomFirst, Telecined, Mixed };
QString scanName(ScanClass scan);

struct ScanCounts
{
    int unknown = 0, progressive = 0, topFirst = 0, bottomFirst = 0;
    int decided() const { return progressive + topFirst + bottomFirst; }
};
ScanCounts countScans(const std::vector<FrameScan> &frames);

/// The class from the frames in order. Telecined: combed and clean frames in a pattern of five.
ScanClass scanClass(const std::vector<FrameScan> &frames);

} // namespace fw
