// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

constexpr int kCfaCell = 8; ///< px: side of the squares that are judged

/// How much better green samples that were interpolated follow from their neighbours than those that a
/// sensor measured, per square. Bayer sensors measure green on one colour of a chess board.
struct CfaFeatures
{
    cv::Mat logRatio;   ///< CV_32FC1 per square: ln of the geometric means of the errors' variances, measured over interpolated
    cv::Mat textured;   ///< CV_8UC1 per square: 255 where there is enough error to compare and nothing is clipped
    bool evenMeasured = false; ///< whether the chess board's squares with an even x + y are taken for the measured ones
    double median = 0.0; ///< of logRatio over textured squares; large where the whole picture keeps the pattern
    int count = 0;       ///< textured squares
};

/// @param bgr  CV_8UC3 as coded. Errc::NotApplicable below 128 px or with fewer than 200 textured squares,
/// Errc::Cancelled. Deterministic. Source: Ferrara, Bianchi, De Rosa, Piva, TIFS 7(5), 2012.
Result<CfaFeatures> cfaFeatures(const cv::Mat &bgr, std::stop_token stop);

/// Two normal distributions in the log ratios of a picture: one about 0, where nothing was interpolated
/// (or all was), and one of squares that keep the pattern.
struct CfaMixture
{
    double mean = 0.0, sigma = 1.0;  ///< of squares with the pattern
    double otherSigma = 1.0;         ///< of squares without, about 0
    double share = 1.0;              ///< with the pattern
    /// ln p(pattern) / p(none) of a square's log ratio.
    double logRatio(double value) const;
};

/// By expectation and maximisation over the textured squares.
CfaMixture fitCfaMixture(const CfaFeatures &features);

/// ln p(pattern) / p(none) per square, CV_32FC1, after a median over 5 x 5 squares; 0 where not textured.
cv::Mat cfaEvidence(const CfaFeatures &features, const CfaMixture &mixture);

} // namespace fw
