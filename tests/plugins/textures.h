// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <vector>

namespace fw::test {

/// A picture with texture at several scales and slow colour changes, as a photograph has; the same
/// seed gives the same picture. It was never compressed.
inline cv::Mat texturedPicture(cv::Size size, int seed)
{
    cv::RNG random{std::uint64_t(seed) + 1};
    cv::Mat sum(size, CV_32FC3, cv::Scalar(110, 120, 130));
    for (const double scale : {0.7, 2.0, 6.0, 25.0}) {
        const bool grey = scale < 5.0; // as in photographs, fine texture has little colour
        cv::Mat noise(size, grey ? CV_32FC1 : CV_32FC3);
        random.fill(noise, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(1));
        cv::GaussianBlur(noise, noise, {}, scale);
        if (grey)
            cv::cvtColor(noise, noise, cv::COLOR_GRAY2BGR);
        // Blurring takes amplitude away; every scale is brought back to about nine levels.
        sum += noise * (9.0 * 2.0 * 1.77 * scale);
    }
    cv::Mat picture;
    sum.convertTo(picture, CV_8UC3);
    return picture;
}

inline cv::Mat savedAt(const cv::Mat &picture, int quality)
{
    std::vector<uchar> bytes;
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

} // namespace fw::test
