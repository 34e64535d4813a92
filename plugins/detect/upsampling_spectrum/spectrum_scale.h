// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "spectrum_reading.h"
#include "stats/logistic.h"

#include <QJsonObject>

#include <vector>

namespace fw {

/// A band of JPEG qualities in which the classifier was measured on pictures that are known to be real.
struct SpectrumBand
{
    int leastQuality = 0;       ///< estimated quality of the file's last save; 101: never saved as JPEG
    LogisticModel calibration;  ///< of one value, the classifier's log-odds, to a log likelihood ratio
    std::vector<double> real;   ///< log-odds on pictures of cameras that were not trained on, ascending
};

/// The classifier of lattice features and how its answers are read: what the model file holds.
struct SpectrumScale
{
    LogisticModel classifier;        ///< of latticeFeatures
    std::vector<SpectrumBand> bands; ///< ascending by leastQuality

    /// Errc::BadData with the key that is missing or wrong.
    static Result<SpectrumScale> fromJson(const QJsonObject &object);
    QJsonObject toJson() const;
    /// Reads the file and compares its SHA-256. Errc::Mismatch.
    static Result<SpectrumScale> load(const QString &path, const QString &sha256);

    /// The band of a quality; null below all.
    const SpectrumBand *bandOf(int quality) const;
};

/// What a spectrum comes to.
enum class SpectrumAnswer { NotMeasured, Unclear, Doubled, Enlarged, Photograph };
struct SpectrumJudgement
{
    SpectrumAnswer answer = SpectrumAnswer::NotMeasured;
    double llr = 0.0;   ///< natural logarithm of the likelihood ratio, doubling against photographs
    double alike = 1.0; ///< share of photographs that score at least as high
};
SpectrumJudgement judge(const SpectrumReading &reading, const SpectrumScale &scale, int quality);

/// Share of a band's real pictures that score at least as high; never below 1 / (n + 1).
double realAtLeast(const SpectrumBand &band, double logOdds);

} // namespace fw
