// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <vector>

namespace fw {

/// What a denoiser leaves of a picture, with all its periodic parts: these are a generator's trace, where
/// for a sensor they are removed (compare pictureNoise). @param bgr  CV_8UC3. @return CV_32FC1, unit
/// length and mean 0, so that no picture outweighs another.
cv::Mat generatorResidual(const cv::Mat &bgr);

/// Collects the fingerprint of one trained generator: the mean residual of its pictures. What differs
/// from picture to picture falls with the root of their number. Source: Marra et al., MIPR 2019.
class GeneratorFingerprintMaker
{
public:
    /// @param residual  see generatorResidual. Errc::Mismatch when its size differs from the first one's,
    /// Errc::NotApplicable below 64 px or where nothing is left of the picture.
    Result<void> add(const cv::Mat &residual);
    int count() const { return m_count; }
    /// CV_32FC1. Errc::NotApplicable without pictures.
    Result<cv::Mat> fingerprint() const;
    /// As if this picture, which was added, had not been.
    cv::Mat without(const cv::Mat &residual) const { return sum() - residual; }
    /// Correlation of the means of every other picture.
    double halvesAgree() const;

private:
    cv::Mat sum() const { return m_halves[0] + m_halves[1]; }
    cv::Mat m_halves[2];
    int m_count = 0;
};

/// The highest correlation of a residual with a fingerprint over the eight flips and quarter turns that
/// keep the size (generators are trained with flips); no shift is searched, because they lie on a grid.
/// Errc::Mismatch when the sizes differ.
Result<double> generatorCorrelation(const cv::Mat &fingerprint, const cv::Mat &residual);

/// How pictures of other origin correlate with a fingerprint; the threshold lies `kGeneratorDeviations`
/// standard deviations above their mean.
struct OtherOrigin
{
    int count = 0;
    double mean = 0.0, sigma = 0.0;
    double deviations(double correlation) const { return sigma > 0.0 ? (correlation - mean) / sigma : 0.0; }
};
OtherOrigin otherOrigin(const std::vector<double> &correlations);
constexpr double kGeneratorDeviations = 4.0;
constexpr int kLeastOthers = 20; ///< fewer do not tell what is usual
/// Fewer pictures keep too much of their scenes: three variants of a generator that had drawn the same
/// three scenes were taken for each other.
constexpr int kLeastEnrolled = 10;
/// Below this nothing common was left in the pictures: saved again strongly, or of several generators.
constexpr double kLeastGeneratorAgreement = 0.05;

} // namespace fw
