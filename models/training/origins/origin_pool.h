// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/core.hpp>

#include <QString>

#include <vector>

namespace fw::lab {

constexpr int kOriginSide = 256; ///< px

/// A square of 256 px of a picture, never scaled here.
struct PoolTile
{
    cv::Mat bgr;      ///< CV_8UC3, after a save that all tiles share, see originPool
    QString origin;   ///< the generator, or the camera or source of a photograph
    bool generated = false;
    bool middle = false;  ///< of its picture: the one that is measured; others are trained on only
    bool train = true;    ///< of photographs: cameras are dealt out whole, so that none is on both sides; sets of pictures by
                          ///< unknown cameras are dealt out picture by picture
};

/// Pictures of generators and photographs below `data` of at least 256 px, brought to one size by cutting, unlike
/// originPictures, and to one history by a save: each tile is written as JPEG at a random quality of 90 to 99 with a
/// random phase of the grid, so that "was never a JPEG" does not give generators away. What files were saved as before
/// stays below that. The same on every machine.
std::vector<PoolTile> originPool(const QString &data);

/// One way to save and change a tile last.
struct LastSave
{
    QString name;
    int quality = 0;     ///< of JPEG; 0: none
    double blur = 0.0;   ///< px
    double scale = 1.0;
};
/// Lossless, 95, 85, 75, 60 and 50, then blurred, reduced and enlarged ahead of a save at 95.
const std::vector<LastSave> &lastSaves();
constexpr std::size_t kTrainedSaves = 4; ///< the first of them are trained on

cv::Mat savedLast(const cv::Mat &bgr, const LastSave &save);

} // namespace fw::lab
