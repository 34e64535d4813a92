// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "spectrum_reading.h"
#include "stats/calibrated_bands.h"

#include <QJsonObject>

#include <vector>

namespace fw {

/// The classifier of lattice features and how its answers are read: what the model file holds.
struct SpectrumScale
{
    LogisticModel classifier;          ///< of latticeFeatures
    std::vector<CalibratedBand> bands; ///< ascending by leastQuality

    /// Errc::BadData with the key that is missing or wrong.
    static Result<SpectrumScale> fromJson(const QJsonObject &object);
    QJsonObject toJson() const;
    /// Reads the file and compares its SHA-256. Errc::Mismatch.
    static Result<SpectrumScale> load(const QString &path, const QString &sha256);
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

} // namespace fw
