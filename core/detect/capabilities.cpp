// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/capabilities.h"

using namespace Qt::StringLiterals;

namespace fw::capability {

QStringList all()
{
    return {kCoding, kMacroblocks, kMetadata, kJpeg, kCredentials, kFingerprints, kFaceTrack, kLandmarks,
            kHeadPose, kEyeAspect, kEyes, kGaze, kExpression, kActionUnits, kAppearance};
}

bool isGivenByHost(const QString &capability)
{
    return capability == kCoding || capability == kMacroblocks || capability == kMetadata || capability == kJpeg
        || capability == kCredentials || capability == kFingerprints;
}

bool isOfFaces(const QString &capability)
{
    return capability.startsWith(u"face."_s);
}

} // namespace fw::capability
