// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QString>
#include <QStringList>

namespace fw {

/// A sensor fingerprint as it is kept in a file, with where it came from.
struct CameraFile
{
    QString name;          ///< the camera, as its owner calls it
    QString madeBy;        ///< program and version
    QStringList sources;   ///< "name: SHA-256" of every picture that was enrolled
    double halvesAgree = 0.0;
    cv::Mat fingerprint;   ///< CV_32FC1
};

/// Errc::Unwritable when the file cannot be written whole.
Result<void> writeCameraFile(const CameraFile &camera, const QString &path);

/// Untrusted input: Errc::BadData for anything but a whole fingerprint file.
Result<CameraFile> readCameraFile(const QString &path);

} // namespace fw
