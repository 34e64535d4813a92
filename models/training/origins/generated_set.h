// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <QString>

#include <vector>

namespace fw::lab {

/// A square picture of known origin, brought to one size.
struct OriginPicture
{
    cv::Mat bgr;       ///< CV_8UC3, side x side
    QString origin;    ///< the generator, or the camera or source of a photograph
    bool generated = false;
};

/// Pictures of generators and photographs below `data`, alike in what is no trace of a generator: the
/// middle square of each is scaled down to `side` by area (generators that give 256 px as well), so all
/// were resampled last and none is larger. Files' own codecs stay behind in the pixels; write all of them
/// at one quality before they are compared. Sheets, renders and pictures below 1.3 sides are left out.
std::vector<OriginPicture> originPictures(const QString &data, int side);

/// Photographs are dealt to two halves by their source, so that none is on both sides.
bool inFirstHalf(const QString &origin);

} // namespace fw::lab
