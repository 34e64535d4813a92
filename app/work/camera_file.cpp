// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/camera_file.h"

#include "findings/packed.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QFile>
#include <QSaveFile>

#include <cmath>
#include <cstring>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr char kMagic[5] = "FWCA";
constexpr int kLargestSide = 20000;

} // namespace

Result<void> writeCameraFile(const CameraFile &camera, const QString &path)
{
    const cv::Mat whole = camera.fingerprint.isContinuous() ? camera.fingerprint : camera.fingerprint.clone();
    const QCborMap map{{u"name"_s, camera.name},
                       {u"madeBy"_s, camera.madeBy},
                       {u"sources"_s, QCborArray::fromStringList(camera.sources)},
                       {u"halvesAgree"_s, camera.halvesAgree},
                       {u"width"_s, whole.cols},
                       {u"height"_s, whole.rows},
                       {u"values"_s, QByteArray(reinterpret_cast<const char *>(whole.data), qsizetype(whole.total() * 4))}};
    const QByteArray bytes = sealed(kMagic, map.toCborValue().toCbor());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(Errc::Unwritable, file.errorString(), path);
    return {};
}

Result<CameraFile> readCameraFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const auto body = unsealed(kMagic, file.readAll());
    if (!body)
        return fail(Errc::BadData, body.error().what, path);
    QCborParserError fault;
    const QCborMap map = QCborValue::fromCbor(*body, &fault).toMap();
    const QByteArray values = fault.error == QCborError::NoError ? map.value(u"values"_s).toByteArray() : QByteArray();
    const qint64 wide = fault.error == QCborError::NoError ? map.value(u"width"_s).toInteger() : 0;
    const qint64 high = fault.error == QCborError::NoError ? map.value(u"height"_s).toInteger() : 0;
    if (wide < 1 || high < 1 || wide > kLargestSide || high > kLargestSide || values.size() != wide * high * 4)
        return fail(Errc::BadData, u"this is no whole camera file"_s, path);
    CameraFile camera;
    camera.name = map.value(u"name"_s).toString();
    camera.madeBy = map.value(u"madeBy"_s).toString();
    for (const QCborValue &source : map.value(u"sources"_s).toArray())
        camera.sources.append(source.toString());
    camera.halvesAgree = map.value(u"halvesAgree"_s).toDouble();
    camera.fingerprint = cv::Mat(int(high), int(wide), CV_32FC1);
    std::memcpy(camera.fingerprint.data, values.constData(), std::size_t(values.size()));
    cv::patchNaNs(camera.fingerprint, 0.0);
    return camera;
}

} // namespace fw
