// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/engine.h"

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include <dlib/revision.h>

#include <openssl/crypto.h>

extern "C" {
#include <libavutil/avutil.h>
}

using namespace Qt::StringLiterals;

namespace fw {

std::map<QString, QString> libraryVersions()
{
    return {
        {u"FFmpeg"_s, QString::fromLatin1(av_version_info())},
        {u"OpenCV"_s, QString::fromStdString(cv::getVersionString())},
        {u"OpenSSL"_s, QString::fromLatin1(OpenSSL_version(OPENSSL_FULL_VERSION_STRING))},
        {u"Qt"_s, QString::fromLatin1(qVersion())},
        {u"dlib"_s, u"%1.%2"_s.arg(DLIB_MAJOR_VERSION).arg(DLIB_MINOR_VERSION)},
    };
}

void limitInnerThreads()
{
    cv::setNumThreads(1);
}

} // namespace fw
