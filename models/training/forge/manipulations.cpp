// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/manipulations.h"

#include <opencv2/imgproc.hpp>

namespace fw {

cv::Mat manipulated(const cv::Mat &bgr, Manipulation manipulation)
{
    cv::Mat result;
    switch (manipulation) {
    case Manipulation::Median: cv::medianBlur(bgr, result, 5); break;
    case Manipulation::Gaussian: cv::GaussianBlur(bgr, result, {}, 1.1); break;
    case Manipulation::Noise: {
        cv::Mat noise(bgr.size(), CV_32FC3);
        cv::RNG(std::uint64_t(cv::sum(bgr)[0])).fill(noise, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(2));
        bgr.convertTo(result, CV_32F);
        result += noise;
        result.convertTo(result, CV_8U);
        break;
    }
    case Manipulation::Enlarged: cv::resize(bgr, result, {}, 1.5, 1.5, cv::INTER_LINEAR); break;
    }
    return result;
}

} // namespace fw
