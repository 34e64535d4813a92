// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/place_values.h"

#include "photo/residual.h"
#include "photo/residual_codes.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace fw {
namespace {

constexpr int kSide = kResamplingPatch, kWindow = 16, kHop = 12, kHalf = kWindow / 2;

const cv::Mat &hannWindow()
{
    static const cv::Mat window = [] {
        cv::Mat one(1, kWindow, CV_32FC1);
        for (int i = 0; i < kWindow; ++i)
            one.at<float>(i) = float(0.5 - 0.5 * std::cos(2.0 * CV_PI * (i + 0.5) / kWindow));
        return cv::Mat(one.t() * one);
    }();
    return window;
}

} // namespace

void placeSpectrum(const cv::Mat &luma, float *to)
{
    std::fill(to, to + kPlaceSpectrum, 0.0f);
    cv::Mat part, transform;
    int windows = 0;
    for (int y = 0; y + kWindow <= kSide; y += kHop) {
        for (int x = 0; x + kWindow <= kSide; x += kHop, ++windows) {
            cv::multiply(luma(cv::Rect(x, y, kWindow, kWindow)), hannWindow(), part);
            cv::dft(part, transform, cv::DFT_COMPLEX_OUTPUT);
            for (int v = 0; v <= kHalf; ++v) {
                const auto *row = transform.ptr<cv::Vec2f>(v), *mirrored = transform.ptr<cv::Vec2f>((kWindow - v) % kWindow);
                for (int u = 0; u <= kHalf; ++u)
                    to[v * (kHalf + 1) + u] += row[u].dot(row[u]) + mirrored[u].dot(mirrored[u]);
            }
        }
    }
    for (int k = 0; k < kPlaceSpectrum; ++k)
        to[k] = std::log(0.5f * to[k] / float(windows) + 1.0f);
}

cv::Mat placeValues(const RadonFeatures &radon, const cv::Mat &bgr, const std::vector<cv::Point> &corners)
{
    const cv::Mat luma = lumaOf(bgr);
    const CodeMaps codes = codeMaps(luma, {});
    cv::Mat lines = radon.of(rootLaplacian(bgr), corners);
    radon.standardise(&lines);
    cv::Mat values(int(corners.size()), kPlaceValues, CV_32FC1);
    lines.copyTo(values.colRange(0, kResamplingFeatures));
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const cv::Rect place(corners[i], cv::Size(kSide, kSide));
        float *to = values.ptr<float>(int(i)) + kResamplingFeatures;
        for (const float share : placeDescriptor(codes, place))
            *to++ = 6.0f * share;
        placeSpectrum(luma(place), to);
        for (int k = 0; k < kPlaceSpectrum; ++k)
            to[k] = 0.3f * (to[k] - 6.0f);
    }
    return values;
}

cv::Mat medianValues(const cv::Mat &values)
{
    cv::Mat median(1, values.cols, CV_32FC1, cv::Scalar(0));
    std::vector<float> column(static_cast<std::size_t>(values.rows));
    for (int k = 0; k < values.cols && values.rows > 0; ++k) {
        for (int i = 0; i < values.rows; ++i)
            column[std::size_t(i)] = values.at<float>(i, k);
        const auto middle = column.begin() + values.rows / 2;
        std::nth_element(column.begin(), middle, column.end());
        median.at<float>(k) = *middle;
    }
    return median;
}

cv::Mat withDifferences(const cv::Mat &values, const cv::Mat &median)
{
    cv::Mat result(values.rows, 2 * values.cols, CV_32FC1);
    for (int i = 0; i < values.rows; ++i) {
        values.row(i).copyTo(result(cv::Rect(0, i, values.cols, 1)));
        cv::subtract(values.row(i), median, result(cv::Rect(values.cols, i, values.cols, 1)));
    }
    return result;
}

} // namespace fw
