// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

namespace fw {

/// Collects the sensor fingerprint of one camera, picture by picture, in constant memory.
class FingerprintMaker
{
public:
    /// @param bgr  CV_8UC3 as coded. Errc::Mismatch when its size differs from the first one's,
    /// Errc::NotApplicable when it is smaller than 256 px or mostly clipped.
    Result<void> add(const cv::Mat &bgr);
    int count() const { return m_count; }

    /// The fingerprint, CV_32FC1. Errc::NotApplicable without pictures.
    Result<cv::Mat> fingerprint() const;
    /// Correlation of the fingerprints of every other picture: how much of it comes back. 0 below two pictures.
    double halvesAgree() const;

private:
    struct Sums
    {
        cv::Mat weighted[3], power[3];
    };
    static cv::Mat ratio(const Sums &a, const Sums &b);
    Sums m_halves[2];
    int m_count = 0;
};

/// How clearly a picture carries a fingerprint at the same place.
struct FingerprintMatch
{
    double pce = 0.0;         ///< signed peak to correlation energy at zero shift
    double correlation = 0.0; ///< -1..1
    double bestPce = 0.0;     ///< at the best of all shifts
    cv::Point bestShift;      ///< px, cyclic
};

/// A match that courts and the literature accept at a known place (Goljan, Fridrich, Filler 2009: false
/// acceptance about 2.4e-5 on a million pictures).
constexpr double kFingerprintPce = 60.0;

/// @param noise  of the picture, see pictureNoise. Errc::Mismatch when sizes differ: crop and scale are not searched.
Result<FingerprintMatch> matchFingerprint(const cv::Mat &fingerprint, const cv::Mat &bgr, const cv::Mat &noise);

} // namespace fw
