// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "findings/finding.h"

#include <QJsonObject>

#include <map>
#include <optional>
#include <vector>

namespace fw {

/// What a method scored on authentic photographs of one size and one band of JPEG qualities.
struct ReferenceBand
{
    QString finding;           ///< id of the finding whose score it is, "cfa.picture"
    QString score;             ///< Score::name
    int leastQuality = 0, mostQuality = 100; ///< estimated quality of the last save; 101 for both: never saved as JPEG
    int longerSide = 0;        ///< px
    int asked = 0;             ///< photographs
    int cameras = 0;           ///< that took them
    std::vector<double> values; ///< ascending; fewer than `asked` where the method gave no such score
};

/// The picture that a score stands for.
struct ReferencePicture
{
    int longerSide = 0;         ///< px
    std::optional<int> quality; ///< estimated; nothing: no JPEG
};

/// Where a score lies among those of authentic photographs. The numbers come from a file that ships
/// (models/references, one a method); this is the only place that reads it. Without a file it says nothing.
class ScoreReference
{
public:
    /// Errc::BadData with what is missing or wrong.
    static Result<ScoreReference> fromJson(const QJsonObject &object);
    QJsonObject toJson() const;
    /// Reads the file and compares its SHA-256. Errc::Mismatch.
    static Result<ScoreReference> load(const QString &path, const QString &sha256);
    /// From the models of a job, under the id "reference"; an empty one when it was not handed over.
    static Result<ScoreReference> ofModels(const std::map<QString, QString> &paths, const std::map<QString, QString> &hashes);

    std::vector<ReferenceBand> bands;

    /// The band of the picture's quality whose size is nearest; null when the quality was not measured.
    const ReferenceBand *bandOf(const QString &finding, const QString &score, const ReferencePicture &picture) const;
    /// "97th percentile of 88 authentic photographs ..." ; empty without a band or without values in it.
    QString text(const QString &finding, const Score &score, const ReferencePicture &picture) const;
    /// Adds the text to the reference of every score that has one.
    void addTo(std::vector<Finding> *findings, const ReferencePicture &picture) const;
};

/// Share of ascending values below, ties counting half.
double percentileAmong(const std::vector<double> &ascending, double value);

} // namespace fw
