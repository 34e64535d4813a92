// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/interpolation.h"

#include "photo/spectrum.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr std::size_t kMostPeaks = 8, kMostWindows = 48;
constexpr int kCommonWindow = 256; ///< px

cv::Mat hann(int side)
{
    cv::Mat one(1, side, CV_32FC1);
    for (int i = 0; i < side; ++i)
        one.at<float>(i) = float(0.5 - 0.5 * std::cos(2.0 * CV_PI * (i + 0.5) / side));
    return one.t() * one;
}

/// Sizes of the frequencies of a window, frequency 0 in the middle.
cv::Mat sizesOf(const cv::Mat &map, cv::Rect window)
{
    cv::Mat part = map(window).clone();
    part -= cv::mean(part)[0];
    part = part.mul(hann(window.width));
    cv::Mat transform, halves[2], size;
    cv::dft(part, transform, cv::DFT_COMPLEX_OUTPUT);
    cv::split(transform, halves);
    cv::magnitude(halves[0], halves[1], size);
    return centred(size);
}

/// Sets what stands out of the local mean and deviation; the spectrum is periodic, so its border wraps.
void readPeaks(PeriodSpectrum *spectrum, int disc)
{
    const cv::Mat &magnitude = spectrum->magnitude;
    const int n = magnitude.cols;
    cv::Mat wrapped, mean, square, deviation;
    cv::copyMakeBorder(magnitude, wrapped, 8, 8, 8, 8, cv::BORDER_WRAP);
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
    const auto highest = [n](const cv::Mat &heights) {
        PeriodPeak peak;
        cv::Point place;
        cv::minMaxLoc(heights, nullptr, &peak.height, nullptr, &place);
        peak.frequency = {double(place.x - n / 2) / n, double(place.y - n / 2) / n};
        return std::pair(peak, place);
    };
    cv::Mat axes(height.size(), CV_8UC1, cv::Scalar(0));
    axes.colRange(n / 2 - 1, n / 2 + 2).setTo(1);
    axes.rowRange(n / 2 - 1, n / 2 + 2).setTo(1);
    cv::Mat alongAxes(height.size(), CV_32FC1, cv::Scalar(-1));
    height.copyTo(alongAxes, axes);
    if (const PeriodPeak best = highest(alongAxes).first; best.height > 0.0)
        spectrum->axial = best;
    while (spectrum->peaks.size() < kMostPeaks) {
        const auto [peak, place] = highest(height);
        if (peak.height <= 0.0)
            break;
        spectrum->peaks.push_back(peak);
        cv::circle(height, place, 4, cv::Scalar(-1), -1);
    }
}

} // namespace

cv::Mat interpolationMap(const cv::Mat &luma, double sigma)
{
    const cv::Mat taps = (cv::Mat_<float>(3, 3) << 0.25f, -0.5f, 0.25f, -0.5f, 1.0f, -0.5f, 0.25f, -0.5f, 0.25f);
    cv::Mat error, map;
    cv::filter2D(luma, error, CV_32F, taps, {-1, -1}, 0.0, cv::BORDER_REFLECT_101);
    map = error.mul(error) * (-1.0 / (sigma * sigma));
    cv::exp(map, map);
    return map;
}

Result<PeriodSpectrum> periodSpectrum(const cv::Mat &map, cv::Rect window, int disc)
{
    if (window.width != window.height || window.width < 64 || (window & cv::Rect({0, 0}, map.size())) != window)
        return fail(Errc::BadData, u"the window does not lie in the map"_s);
    PeriodSpectrum result;
    cv::sqrt(sizesOf(map, window), result.magnitude);
    readPeaks(&result, disc);
    return result;
}

Result<PeriodSpectrum> commonPeriods(const cv::Mat &map, std::stop_token stop, cv::Rect without)
{
    std::vector<cv::Rect> places;
    for (int y = 0; y + kCommonWindow <= map.rows; y += kCommonWindow / 2) {
        for (int x = 0; x + kCommonWindow <= map.cols; x += kCommonWindow / 2) {
            const cv::Rect window(x, y, kCommonWindow, kCommonWindow);
            if (10 * (window & without).area() <= window.area())
                places.push_back(window);
        }
    }
    if (places.empty())
        return fail(Errc::BadData, u"no window fits into the map"_s);
    std::vector<cv::Mat> windows;
    const std::size_t count = std::min(places.size(), kMostWindows);
    for (std::size_t i = 0; i < count; ++i) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        cv::Mat size = sizesOf(map, places[i * places.size() / count]);
        if (const double mean = cv::mean(size)[0]; mean > 1e-6) // nothing is read in a flat window
            windows.push_back(size / mean);
    }
    PeriodSpectrum result;
    result.magnitude = cv::Mat(kCommonWindow, kCommonWindow, CV_32FC1, cv::Scalar(0));
    std::vector<float> values(windows.size());
    for (int y = 0; y < kCommonWindow && !windows.empty(); ++y) {
        for (int x = 0; x < kCommonWindow; ++x) {
            for (std::size_t i = 0; i < windows.size(); ++i)
                values[i] = windows[i].at<float>(y, x);
            const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
            std::nth_element(values.begin(), middle, values.end());
            result.magnitude.at<float>(y, x) = std::sqrt(*middle);
        }
    }
    readPeaks(&result, 16);
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
