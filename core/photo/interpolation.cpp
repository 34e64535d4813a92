// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/interpolation.h"

#include "photo/spectrum.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr std::size_t kMostPeaks = 8;

cv::Mat hann(int side)
{
    cv::Mat one(1, side, CV_32FC1);
    for (int i = 0; i < side; ++i)
        one.at<float>(i) = float(0.5 - 0.5 * std::cos(2.0 * CV_PI * (i + 0.5) / side));
    return one.t() * one;
}

} // namespace

cv::Mat interpolationMap(const cv::Mat &luma)
{
    const cv::Mat taps = (cv::Mat_<float>(3, 3) << 0.25f, -0.5f, 0.25f, -0.5f, 1.0f, -0.5f, 0.25f, -0.5f, 0.25f);
    cv::Mat error, map;
    cv::filter2D(luma, error, CV_32F, taps, {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
    map = -error.mul(error);
    cv::exp(map, map);
    return map;
}

Result<PeriodSpectrum> periodSpectrum(const cv::Mat &map, cv::Rect window, int disc)
{
    if (window.width != window.height || window.width < 64 || (window & cv::Rect({0, 0}, map.size())) != window)
        return fail(Errc::BadData, u"the window does not lie in the map"_s);
    const int n = window.width;
    cv::Mat part = map(window).clone();
    part -= cv::mean(part)[0];
    part = part.mul(hann(n));
    cv::Mat transform, halves[2], size;
    cv::dft(part, transform, cv::DFT_COMPLEX_OUTPUT);
    cv::split(transform, halves);
    cv::magnitude(halves[0], halves[1], size);
    cv::sqrt(size, size);
    PeriodSpectrum result;
    result.magnitude = centred(size);
    // The local mean and deviation; the spectrum is periodic, so its border wraps.
    cv::Mat wrapped, mean, square, deviation;
    cv::copyMakeBorder(result.magnitude, wrapped, 8, 8, 8, 8, cv::BORDER_WRAP);
    cv::blur(wrapped, mean, cv::Size(15, 15));
    cv::blur(wrapped.mul(wrapped), square, cv::Size(15, 15));
    cv::sqrt(cv::max(square - mean.mul(mean), 1e-12), deviation);
    cv::Mat height = (wrapped - mean) / deviation;
    height = height(cv::Rect(8, 8, n, n)).clone();
    for (int y = 0; y < n; ++y) {
        for (int x = 0; x < n; ++x) {
            const int u = x - n / 2, v = y - n / 2;
            const auto onGrid = [&](int a) { return std::abs(a - int(std::lround(a * 8.0 / n)) * n / 8) <= 1; };
            const bool half = u < 0 || (u == 0 && v < 0); // the other half is its mirror
            if (half || std::hypot(double(u), double(v)) < double(n) / disc || (onGrid(u) && std::abs(v) <= 1)
                || (onGrid(v) && std::abs(u) <= 1) || (onGrid(u) && onGrid(v)))
                height.at<float>(y, x) = -1.0f;
        }
    }
    while (result.peaks.size() < kMostPeaks) {
        double best = 0.0;
        cv::Point place;
        cv::minMaxLoc(height, nullptr, &best, nullptr, &place);
        if (best <= 0.0)
            break;
        result.peaks.push_back({{double(place.x - n / 2) / n, double(place.y - n / 2) / n}, best});
        cv::circle(height, place, 4, cv::Scalar(-1), -1);
    }
    return result;
}

std::vector<double> scalesOf(double frequency)
{
    const double f = std::abs(frequency);
    if (f <= 0.0 || f > 0.5)
        return {};
    std::vector<double> scales{1.0 / (1.0 - f), 1.0 / (1.0 + f)};
    if (f < 0.5)
        scales.push_back(1.0 / f);
    return scales;
}

} // namespace fw
