// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/twin_changes.h"

#include "forge/jpeg_coder.h"

#include <opencv2/imgproc.hpp>

namespace fw {
namespace {

cv::Mat toned(const cv::Mat &bgr, double gamma, double contrast)
{
    cv::Mat table(1, 256, CV_8UC1), result;
    for (int i = 0; i < 256; ++i)
        table.at<uchar>(i) = cv::saturate_cast<uchar>(127.5 + contrast * (255.0 * std::pow(i / 255.0, gamma) - 127.5));
    cv::LUT(bgr, table, result);
    return result;
}

} // namespace

TwinChanges drawTwinChanges(Draw &draw, int quality)
{
    TwinChanges c;
    c.gamma = draw.uniform(0.7, 1.5);
    c.contrast = draw.uniform(0.8, 1.2);
    c.scale = draw.uniform(0.0, 1.0) < 0.5 ? 1.0 : draw.uniform(0.75, 1.3);
    c.corner = {draw.uniform(0.0, 1.0), draw.uniform(0.0, 1.0)};
    c.quality = quality > 0 ? std::min(100, quality + draw.integer(-2, 2)) : 0;
    return c;
}

cv::Mat changed(const cv::Mat &bgr, const TwinChanges &c, int side)
{
    cv::Mat picture = toned(bgr, c.gamma, c.contrast);
    if (c.scale != 1.0)
        cv::resize(picture, picture, {}, c.scale, c.scale, c.scale < 1.0 ? cv::INTER_AREA : cv::INTER_LINEAR);
    side = std::min({side, picture.cols, picture.rows});
    picture = picture(cv::Rect(int(c.corner.x * (picture.cols - side)), int(c.corner.y * (picture.rows - side)), side, side)).clone();
    return savedUsually(picture, c.quality);
}

} // namespace fw
