// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace fw::capability {

/// What one plugin may need and another (or the host) may give. A manifest names nothing else.
inline const QString kCoding = QStringLiteral("coding.trace");          ///< host, per frame
/// Host, per frame: CodingFrame::macroblocks. Decoding runs in one thread then.
inline const QString kMacroblocks = QStringLiteral("coding.macroblocks");
inline const QString kMetadata = QStringLiteral("media.metadata");      ///< host, per clip
/// Host: stored coefficients. A method that needs them is not applicable to anything but a JPEG still.
inline const QString kJpeg = QStringLiteral("media.jpeg");
inline const QString kCredentials = QStringLiteral("media.credentials"); ///< host, per clip: JPEG and PNG stills
/// Host, per run: the fingerprints that the user has enrolled, as files in JobContext::modelPaths whose
/// ids begin with kFingerprintPrefix.
inline const QString kFingerprints = QStringLiteral("user.fingerprints");
inline const QString kFingerprintPrefix = QStringLiteral("fingerprint:");
inline const QString kFaceTrack = QStringLiteral("face.track");         ///< boxes with stable ids
inline const QString kLandmarks = QStringLiteral("face.landmarks68");
inline const QString kHeadPose = QStringLiteral("face.pose");
inline const QString kEyeAspect = QStringLiteral("face.ear");
inline const QString kEyes = QStringLiteral("face.eyes");             ///< iris, lids, openness
inline const QString kGaze = QStringLiteral("face.gaze");
inline const QString kExpression = QStringLiteral("face.expression"); ///< the fitted face model
inline const QString kActionUnits = QStringLiteral("face.au");
inline const QString kAppearance = QStringLiteral("face.appearance"); ///< who it looks like, flow at the seam

QStringList all();
/// Given by the host itself while it decodes; no observer is needed for them.
bool isGivenByHost(const QString &capability);
/// A measurement on faces: it arrives in Observations::faces.
bool isOfFaces(const QString &capability);

} // namespace fw::capability
