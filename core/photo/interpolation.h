// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>
#include <vector>

namespace fw {

/// How well each pixel is the fixed combination of its eight neighbours that interpolation leaves:
/// exp(-(e / sigma)^2) of the error e in grey levels. A save as JPEG adds errors of some grey levels: a sigma of 4 sees
/// past it, 1 sees more where there was none. @param luma  CV_32FC1. @return CV_32FC1, 0..1.
/// Source: Kirchner, ACM Multimedia and Security 2008.
cv::Mat interpolationMap(const cv::Mat &luma, double sigma = 1.0);

/// A peak of an interpolation map's spectrum.
struct PeriodPeak
{
    cv::Point2d frequency;  ///< cycles per px, x 0..0.5, y -0.5..0.5
    double height = 0.0;    ///< over the mean of its surroundings, in their deviations
};

struct PeriodSpectrum
{
    cv::Mat magnitude;             ///< CV_32FC1, side x side, frequency 0 in the middle, square root of the size
    std::vector<PeriodPeak> peaks; ///< highest first, at most eight
    PeriodPeak axial;              ///< the highest along one axis, where scaling without a turn leaves its period
};

/// Spectrum of a square window of an interpolation map and what stands out of it. Around frequency 0
/// (side / disc) and at multiples of 1/8 on both axes, where JPEG's block grid lies, nothing is read.
/// Errc::BadData when the window leaves the map.
Result<PeriodSpectrum> periodSpectrum(const cv::Mat &map, cv::Rect window, int disc = 16);

/// What most of a picture shares: at each frequency the median over windows of 256 px that lie half over each other, at
/// most 48 of them, each window's sizes over their mean. A period of one place does not show; one of the whole picture
/// stands out of less noise than in a single window. Windows that `without` reaches into by more than a tenth are left
/// out. Errc::BadData when there is no window, for maps below 256 px a side at the latest; Errc::Cancelled.
Result<PeriodSpectrum> commonPeriods(const cv::Mat &map, std::stop_token stop, cv::Rect without = {});

/// Scales that would put a peak there along one axis: 1/(1 - f), 1/(1 + f), and 1/f when that is 2 or more.
std::vector<double> scalesOf(double frequency);

} // namespace fw
