// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/imgproc.hpp>

namespace fw::test {

/// A picture as a camera with a Bayer filter would have made it: three of four colours thrown away and
/// interpolated again. @param code  one of OpenCV's BayerRG2BGR codes.
inline cv::Mat throughBayer(const cv::Mat &bgr, int code = cv::COLOR_BayerRG2BGR)
{
    cv::Mat mosaic(bgr.size(), CV_8UC1), picture;
    for (int y = 0; y < bgr.rows; ++y) {
        for (int x = 0; x < bgr.cols; ++x) {
            const int channel = (x + y) % 2 != 0 ? 1 : y % 2 == 0 ? 0 : 2;
            mosaic.at<uchar>(y, x) = bgr.at<cv::Vec3b>(y, x)[channel];
        }
    }
    cv::demosaicing(mosaic, picture, code);
    return picture;
}

} // namespace fw::test
