// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/generator_fingerprint.h"

#include "photo/residual.h"
#include "photo/sensor_noise.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastFingerprintSide = 64;

double correlation(const cv::Mat &a, const cv::Mat &b)
{
    const double length = cv::norm(a) * cv::norm(b);
    return length > 0.0 ? a.dot(b) / length : 0.0;
}

} // namespace

cv::Mat generatorResidual(const cv::Mat &bgr)
{
    cv::Mat residual = waveletResidual(lumaOf(bgr));
    residual -= cv::mean(residual)[0];
    const double length = cv::norm(residual);
    return length > 0.0 ? cv::Mat(residual / length) : residual;
}

Result<void> GeneratorFingerprintMaker::add(const cv::Mat &residual)
{
    if (std::min(residual.cols, residual.rows) < kLeastFingerprintSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 64 x 64 px"_s);
    if (m_count > 0 && m_halves[0].size() != residual.size())
        return fail(Errc::Mismatch, u"the picture's size differs from that of the first one"_s);
    if (cv::norm(residual) <= 0.0)
        return fail(Errc::NotApplicable, u"the picture is one flat colour"_s);
    if (m_count == 0) {
        for (cv::Mat &half : m_halves)
            half = cv::Mat(residual.size(), CV_32FC1, cv::Scalar(0));
    }
    m_halves[m_count++ % 2] += residual;
    return {};
}

Result<cv::Mat> GeneratorFingerprintMaker::fingerprint() const
{
    if (m_count == 0)
        return fail(Errc::NotApplicable, u"no picture was taken in"_s);
    return cv::Mat(sum() / double(m_count));
}

double GeneratorFingerprintMaker::halvesAgree() const
{
    return m_count < 2 ? 0.0 : correlation(m_halves[0], m_halves[1]);
}

Result<double> generatorCorrelation(const cv::Mat &fingerprint, const cv::Mat &residual)
{
    if (fingerprint.size() != residual.size())
        return fail(Errc::Mismatch, u"the picture's size differs from that of the enrolled ones; crops and scaled copies are not searched"_s);
    const bool square = fingerprint.cols == fingerprint.rows;
    double best = -1.0;
    for (int turn = 0; turn < (square ? 2 : 1); ++turn) {
        const cv::Mat turned = turn == 0 ? fingerprint : cv::Mat(fingerprint.t());
        best = std::max(best, correlation(turned, residual));
        for (const int axis : {0, 1, -1}) {
            cv::Mat flipped;
            cv::flip(turned, flipped, axis);
            best = std::max(best, correlation(flipped, residual));
        }
    }
    return best;
}

OtherOrigin otherOrigin(const std::vector<double> &correlations)
{
    OtherOrigin others;
    others.count = int(correlations.size());
    if (others.count < 2)
        return others;
    double squares = 0.0;
    for (const double value : correlations)
        others.mean += value / others.count;
    for (const double value : correlations)
        squares += (value - others.mean) * (value - others.mean);
    others.sigma = std::sqrt(squares / (others.count - 1));
    return others;
}

} // namespace fw
