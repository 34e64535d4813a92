// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stats/logistic.h"

#include <QJsonArray>
#include <QJsonObject>

#include <vector>

namespace fw {

/// A band of JPEG qualities in which a classifier's log-odds were measured on pictures that are known to be real.
struct CalibratedBand
{
    int leastQuality = 0;      ///< estimated quality of the file's last save; 101: never saved as JPEG
    LogisticModel calibration; ///< of one value, the classifier's log-odds, to a log likelihood ratio
    std::vector<double> real;  ///< log-odds on pictures of cameras that were not trained on, ascending
};

/// Share of a band's real pictures that score at least as high; never below 1 / (n + 1).
double realAtLeast(const CalibratedBand &band, double logOdds);

/// The band of a quality; null below all. @param bands  ascending by leastQuality.
const CalibratedBand *bandOf(const std::vector<CalibratedBand> &bands, int quality);

/// What a classifier's log-odds come to in their band.
enum class BandAnswer {
    NotMeasured, ///< no band
    Unclear,     ///< in the grey zone, or as high as more than one in twenty real pictures
    Positive,    ///< log likelihood ratio of 1 or more that at most one in twenty real pictures reach
    Negative,    ///< -1 or less
};
struct BandJudgement
{
    BandAnswer answer = BandAnswer::NotMeasured;
    double llr = 0.0;   ///< natural logarithm of the likelihood ratio
    double alike = 1.0; ///< realAtLeast
};
BandJudgement judgeInBand(const CalibratedBand *band, double logOdds);

/// Fits the calibration of a band. @param real, made  log-odds of pictures that the classifier has not seen.
CalibratedBand calibratedBand(int leastQuality, std::vector<double> real, const std::vector<double> &made);

QJsonArray bandsToJson(const std::vector<CalibratedBand> &bands);
/// Errc::BadData unless there are bands, each is complete and they ascend.
Result<std::vector<CalibratedBand>> bandsFromJson(const QJsonValue &value);

QJsonObject logisticToJson(const LogisticModel &model);
/// Errc::BadData unless it has a bias and so many weights.
Result<LogisticModel> logisticFromJson(const QJsonValue &value, std::size_t length);

} // namespace fw
