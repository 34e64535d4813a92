// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/draw.h"

namespace fw {

/// What a photograph and its generated twin share, so that neither tone nor size nor the last save tells them apart.
struct TwinChanges
{
    double gamma = 1.0, contrast = 1.0, scale = 1.0;
    cv::Point2d corner{0.5, 0.5}; ///< of the part that is taken, 0..1 of what is left over
    int quality = 0;              ///< of the last save as JPEG; 0: none
};

/// @param quality  about which the last save is drawn; 0: none.
TwinChanges drawTwinChanges(Draw &draw, int quality);

/// @param side  of the part that is taken, px; less where the picture is smaller. CV_8UC3.
cv::Mat changed(const cv::Mat &bgr, const TwinChanges &changes, int side);

} // namespace fw
