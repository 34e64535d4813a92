// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace fw {

/// One way to look at a picture.
struct PicturePlane
{
    QString id, title, unit, about;
    cv::Mat values;        ///< CV_32FC1, a cell of `cell` px each
    double low = 0.0, high = 255.0;
    QString colorMap = QStringLiteral("grey");
};

struct PictureView
{
    std::vector<PicturePlane> planes;
    int cell = 1;          ///< px; larger for large pictures
    cv::Rect2f covered;    ///< px of the picture that the cells tile
};

/// What can be shown: red, green and blue; luma, saturation and chroma; one bit of each channel; size and
/// direction of the luma's gradient; luma with its levels spread evenly; the three principal colours.
enum class PlaneKind { Channels, Colour, Bits, Gradient, Levels, Principal };
/// Stable words of the option; nullopt for another one.
std::optional<PlaneKind> planeKind(const QString &word);

/// @param bgr  CV_8UC3. @param bit  0 (lowest) to 7, for PlaneKind::Bits.
/// Errc::BadData for an empty picture or a bit out of range. Deterministic; any thread.
Result<PictureView> pictureView(const cv::Mat &bgr, PlaneKind kind, int bit);

/// How many pixels have each level: red, green, blue, luma.
std::array<std::array<double, 256>, 4> levelCounts(const cv::Mat &bgr);

} // namespace fw
