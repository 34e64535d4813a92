// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

namespace fw {

/// Turns an upright picture back to the orientation in which its blocks were coded, for methods
/// that look for the block grid. @param rotationDegrees  StreamFacts::rotationDegrees: the
/// clockwise turn that made the picture upright (0, 90, 180 or 270).
inline cv::Mat asCoded(const cv::Mat &upright, int rotationDegrees)
{
    cv::Mat coded;
    switch (rotationDegrees) {
    case 90: cv::rotate(upright, coded, cv::ROTATE_90_COUNTERCLOCKWISE); return coded;
    case 180: cv::rotate(upright, coded, cv::ROTATE_180); return coded;
    case 270: cv::rotate(upright, coded, cv::ROTATE_90_CLOCKWISE); return coded;
    default: return upright;
    }
}

/// The inverse for a map that was computed on the coded picture.
inline cv::Mat asUpright(const cv::Mat &coded, int rotationDegrees)
{
    return asCoded(coded, (360 - rotationDegrees) % 360);
}

/// Where a rectangle of the coded picture lies after the turn.
/// @param codedSize  width and height before the turn, px.
inline cv::Rect2f asUpright(const cv::Rect2f &rect, cv::Size codedSize, int rotationDegrees)
{
    const float right = float(codedSize.width) - rect.x - rect.width;
    const float below = float(codedSize.height) - rect.y - rect.height;
    switch (rotationDegrees) {
    case 90: return {below, rect.x, rect.height, rect.width};
    case 180: return {right, below, rect.width, rect.height};
    case 270: return {rect.y, right, rect.height, rect.width};
    default: return rect;
    }
}

} // namespace fw
