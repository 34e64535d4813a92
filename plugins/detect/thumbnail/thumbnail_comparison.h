// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QByteArray>

#include <stop_token>
#include <vector>

namespace fw {

/// How the embedded thumbnail's scene lies to the picture's.
enum class ThumbnailFit {
    Whole,       ///< both show the same scene
    PictureCrop, ///< the picture shows a part of what the thumbnail shows
    None,        ///< no place of the thumbnail looks like the picture
};

struct ThumbnailComparison
{
    ThumbnailFit fit = ThumbnailFit::None;
    cv::Size size;            ///< of the thumbnail, px
    cv::Rect content;         ///< of the thumbnail without black bars
    cv::Rect match;           ///< part of the thumbnail that shows the picture
    double similarity = 0.0;  ///< mean structural similarity of that part and the reduced picture, -1..1
    cv::Mat difference;       ///< CV_32FC1 over `match`: local difference in grey levels after a fit of tone
    cv::Mat mask;             ///< CV_8UC1 of the same size: places that show something else
    std::vector<cv::Rect> places; ///< of the mask, thumbnail px within `match`, largest first
};

/// Limits on the similarity.
constexpr double kSameScene = 0.85; ///< from here on both show the same (of the method's description)
constexpr double kLeastMatch = 0.65; ///< below this the whole thumbnail shows another scene
constexpr double kLeastInside = 0.82; ///< of a part: the best of many places is alike by chance

/// The thumbnail as stored. Untrusted input: Errc::BadData unless it is a JPEG of at most 1024 px a side that decodes.
Result<cv::Mat> decodedThumbnail(const QByteArray &bytes);

/// @param thumbnail, picture  CV_8UC3 in the same orientation. Black bars are cut off, then the whole scene is
/// compared; when it does not fit, the picture is looked for inside the thumbnail at scales from 0.35 to 1.
/// Errc::NotApplicable for thumbnails below 48 px, Errc::Cancelled. Deterministic.
/// Source: Kee, Johnson, Farid, TIFS 6(3), 2011, for the idea; similarity after Wang et al., TIP 13(4), 2004.
Result<ThumbnailComparison> compareThumbnail(const cv::Mat &thumbnail, const cv::Mat &picture, std::stop_token stop);

} // namespace fw
