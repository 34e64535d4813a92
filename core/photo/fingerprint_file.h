// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QString>
#include <QStringList>

namespace fw {

/// What leaves a fingerprint in pictures.
enum class SourceKind {
    Camera,    ///< the fixed noise of one sensor, see photo/fingerprint.h
    Generator, ///< the fixed residual of one trained generator, see photo/generator_fingerprint.h
};

/// A fingerprint as it is kept in a file, with where it came from.
struct FingerprintFile
{
    SourceKind kind = SourceKind::Camera;
    QString name;        ///< the source, as its owner calls it
    QString madeBy;      ///< program and version
    QStringList sources; ///< "name: SHA-256" of every picture that was enrolled
    double halvesAgree = 0.0;
    int others = 0;          ///< generators: pictures of other origin that were compared at enrolment,
    double otherMean = 0.0, otherSigma = 0.0; ///< and how they correlate
    int ownAbove = 0;        ///< enrolled pictures above the threshold when left out of the fingerprint
    cv::Mat fingerprint;     ///< CV_32FC1
};

/// Errc::Unwritable when the file cannot be written whole.
Result<void> writeFingerprintFile(const FingerprintFile &source, const QString &path);

/// Untrusted input: Errc::BadData for anything but a whole fingerprint file.
Result<FingerprintFile> readFingerprintFile(const QString &path);

} // namespace fw
