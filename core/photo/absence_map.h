// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <stop_token>

namespace fw {

struct AbsenceSettings
{
    int window = 128, stride = 16;  ///< px
    double prior = 0.02;            ///< of a window being foreign
    double certain = 0.95;          ///< posterior from which a window counts as foreign
    double leastDeviations = 3.5;   ///< a window says something when the noise expected there is so clear
    double spread = 0.35;           ///< scatter of the noise's strength between windows, as a share of it
    int leastSide = 64;             ///< px: smaller places are dropped
};

/// Where a picture that carries a sensor's noise does not carry it.
struct AbsenceMap
{
    cv::Mat absence;  ///< CV_32FC1, one cell a window: posterior that the noise is missing; NaN where it could not be seen
    cv::Mat correlation, expected; ///< CV_32FC1, of the same cells
    cv::Mat mask;     ///< CV_8UC1, one cell for every stride x stride px of the picture: 255 where it is missing
    double unseen = 0.0; ///< share of windows that say nothing
    AbsenceSettings settings;
};

/// @param fingerprint, noise  as for matchFingerprint, CV_32FC1 of the picture's size. The picture as a
/// whole should match (PCE) before its parts are asked. How strong the noise should be in a window follows
/// from light, the energy of the residual there and the strength that is usual in this very picture, so
/// nothing is trained. Errc::Mismatch, Errc::NotApplicable for pictures below two windows, Errc::Cancelled.
/// Source: after Chen, Fridrich, Goljan, Lukas, TIFS 2008; the predictor is our own.
Result<AbsenceMap> absenceMap(const cv::Mat &fingerprint, const cv::Mat &bgr, const cv::Mat &noise,
                              const AbsenceSettings &settings = {}, std::stop_token stop = {});

} // namespace fw
