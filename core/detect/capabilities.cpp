// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/capabilities.h"

using namespace Qt::StringLiterals;

namespace fw::capability {

QStringList all()
{
    return {kCoding, kMacroblocks, kMetadata, kJpeg, kFaceTrack, kLandmarks, kHeadPose, kEyeAspect,
            kEyes, kGaze, kExpression, kActionUnits};
    return {kCoding, kMetadata, kJpeg, kCredentials, kFaceTrack, kLandmarks, kHeadPose, kEyeAspect};
}

bool isGivenByHost(const QString &capability)
{
    return capability == kCoding || capability == kMacroblocks || capability == kMetadata || capability == kJpeg;
    return capability == kCoding || capability == kMetadata || capability == kJpeg
        || capability == kCredentials;
}

bool isOfFaces(const QString &capability)
{
    return capability.startsWith(u"face."_s);
}

} // namespace fw::capability
