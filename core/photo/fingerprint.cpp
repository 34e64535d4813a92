// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/fingerprint.h"

#include "photo/residual.h"
#include "photo/sensor_noise.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 256;
constexpr double kMostClipped = 0.5;
constexpr int kPeakReach = 5; ///< px: 11 x 11 around the peak are left out of the energy

/// How much of the fingerprint an intensity carries: it grows with light and ends where the sensor clips.
cv::Mat sensitivity(const cv::Mat &plane)
{
    cv::Mat result(plane.size(), CV_32FC1);
    for (int y = 0; y < plane.rows; ++y) {
        for (int x = 0; x < plane.cols; ++x) {
            const float value = plane.at<float>(y, x);
            result.at<float>(y, x) = value < 252.0f ? value / 252.0f : std::exp(-(value - 252.0f) * (value - 252.0f) / 6.0f);
        }
    }
    return result;
}

double energyAround(const cv::Mat &correlation, cv::Point peak)
{
    double sum = cv::norm(correlation, cv::NORM_L2SQR);
    int left = int(correlation.total());
    for (int dy = -kPeakReach; dy <= kPeakReach; ++dy) {
        for (int dx = -kPeakReach; dx <= kPeakReach; ++dx) {
            const float value = correlation.at<float>((peak.y + dy + correlation.rows) % correlation.rows,
                                                      (peak.x + dx + correlation.cols) % correlation.cols);
            sum -= double(value) * value;
            --left;
        }
    }
    return sum / left;
}

double signedPce(const cv::Mat &correlation, cv::Point at)
{
    const double peak = correlation.at<float>(at);
    const double energy = energyAround(correlation, at);
    return energy > 0.0 ? (peak < 0.0 ? -1.0 : 1.0) * peak * peak / energy : 0.0;
}

} // namespace

Result<void> FingerprintMaker::add(const cv::Mat &bgr)
{
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 256 x 256 px"_s);
    if (m_count > 0 && m_halves[0].power[0].size() != bgr.size())
        return fail(Errc::Mismatch, u"the picture's size differs from that of the first one"_s);
    cv::Mat grey;
    cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
    if (double(cv::countNonZero(grey >= 252)) > kMostClipped * double(grey.total()))
        return fail(Errc::NotApplicable, u"more than half of the picture is clipped"_s);
    Sums &sums = m_halves[m_count % 2];
    cv::Mat channels[3];
    cv::split(bgr, channels);
    for (int i = 0; i < 3; ++i) {
        cv::Mat plane;
        channels[i].convertTo(plane, CV_32F);
        const cv::Mat weight = sensitivity(plane);
        const cv::Mat weighted = waveletResidual(plane).mul(plane) / 255.0, power = weight.mul(weight);
        for (Sums *half : {&m_halves[0], &m_halves[1]}) {
            if (half->power[i].empty()) {
                half->weighted[i] = cv::Mat(bgr.size(), CV_32FC1, cv::Scalar(0));
                half->power[i] = cv::Mat(bgr.size(), CV_32FC1, cv::Scalar(0));
            }
        }
        sums.weighted[i] += weighted;
        sums.power[i] += power;
    }
    ++m_count;
    return {};
}

cv::Mat FingerprintMaker::ratio(const Sums &a, const Sums &b)
{
    constexpr double kWeights[3] = {0.114, 0.587, 0.299};
    cv::Mat sum(a.power[0].size(), CV_32FC1, cv::Scalar(0));
    for (int i = 0; i < 3; ++i)
        sum += kWeights[i] * ((a.weighted[i] + b.weighted[i]) / (a.power[i] + b.power[i] + 1.0));
    return withoutSharedPatterns(sum);
}

Result<cv::Mat> FingerprintMaker::fingerprint() const
{
    if (m_count == 0)
        return fail(Errc::NotApplicable, u"no picture was taken in"_s);
    return ratio(m_halves[0], m_halves[1]);
}

double FingerprintMaker::halvesAgree() const
{
    if (m_count < 2)
        return 0.0;
    Sums none;
    for (int i = 0; i < 3; ++i)
        none.weighted[i] = none.power[i] = cv::Mat(m_halves[0].power[i].size(), CV_32FC1, cv::Scalar(0));
    const cv::Mat a = ratio(m_halves[0], none), b = ratio(m_halves[1], none);
    const double length = cv::norm(a) * cv::norm(b);
    return length > 0.0 ? a.dot(b) / length : 0.0;
}

Result<FingerprintMatch> matchFingerprint(const cv::Mat &fingerprint, const cv::Mat &bgr, const cv::Mat &noise)
{
    if (fingerprint.size() != bgr.size() || noise.size() != bgr.size())
        return fail(Errc::Mismatch, u"the picture's size differs from that of the enrolled ones; crops and scaled copies are not searched"_s);
    cv::Mat expected = fingerprint.mul(lumaOf(bgr)), left, right, product, correlation;
    expected -= cv::mean(expected)[0];
    const cv::Mat query = noise - cv::mean(noise)[0];
    cv::dft(query, left, cv::DFT_COMPLEX_OUTPUT);
    cv::dft(expected, right, cv::DFT_COMPLEX_OUTPUT);
    cv::mulSpectrums(left, right, product, 0, true);
    cv::idft(product, correlation, cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
    FingerprintMatch match;
    const double length = cv::norm(query) * cv::norm(expected);
    if (length <= 0.0)
        return match;
    match.correlation = query.dot(expected) / length;
    match.pce = signedPce(correlation, {0, 0});
    cv::minMaxLoc(correlation, nullptr, nullptr, nullptr, &match.bestShift);
    match.bestPce = signedPce(correlation, match.bestShift);
    return match;
}

} // namespace fw
