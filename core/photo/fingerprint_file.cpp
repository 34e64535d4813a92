// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/fingerprint_file.h"

#include "base/packed.h"

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

double finite(const QCborValue &value)
{
    const double number = value.toDouble();
    return std::isfinite(number) ? number : 0.0;
}

} // namespace

Result<void> writeFingerprintFile(const FingerprintFile &source, const QString &path)
{
    const cv::Mat whole = source.fingerprint.isContinuous() ? source.fingerprint : source.fingerprint.clone();
    const QCborMap map{{u"kind"_s, source.kind == SourceKind::Generator ? u"generator"_s : u"camera"_s},
                       {u"name"_s, source.name},
                       {u"madeBy"_s, source.madeBy},
                       {u"sources"_s, QCborArray::fromStringList(source.sources)},
                       {u"halvesAgree"_s, source.halvesAgree},
                       {u"others"_s, source.others},
                       {u"otherMean"_s, source.otherMean},
                       {u"otherSigma"_s, source.otherSigma},
                       {u"ownAbove"_s, source.ownAbove},
                       {u"width"_s, whole.cols},
                       {u"height"_s, whole.rows},
                       {u"values"_s, QByteArray(reinterpret_cast<const char *>(whole.data), qsizetype(whole.total() * 4))}};
    const QByteArray bytes = sealed(kMagic, map.toCborValue().toCbor());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(Errc::Unwritable, file.errorString(), path);
    return {};
}

Result<FingerprintFile> readFingerprintFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const auto body = unsealed(kMagic, file.readAll());
    if (!body)
        return fail(Errc::BadData, body.error().what, path);
    QCborParserError fault;
    const QCborMap map = QCborValue::fromCbor(*body, &fault).toMap();
    const bool readable = fault.error == QCborError::NoError;
    const QByteArray values = readable ? map.value(u"values"_s).toByteArray() : QByteArray();
    const qint64 wide = readable ? map.value(u"width"_s).toInteger() : 0;
    const qint64 high = readable ? map.value(u"height"_s).toInteger() : 0;
    const QString kind = readable ? map.value(u"kind"_s).toString(u"camera"_s) : QString();
    if (wide < 1 || high < 1 || wide > kLargestSide || high > kLargestSide || values.size() != wide * high * 4
        || (kind != u"camera"_s && kind != u"generator"_s))
        return fail(Errc::BadData, u"this is no whole fingerprint file"_s, path);
    FingerprintFile source;
    source.kind = kind == u"generator"_s ? SourceKind::Generator : SourceKind::Camera;
    source.name = map.value(u"name"_s).toString();
    source.madeBy = map.value(u"madeBy"_s).toString();
    for (const QCborValue &picture : map.value(u"sources"_s).toArray())
        source.sources.append(picture.toString());
    source.halvesAgree = finite(map.value(u"halvesAgree"_s));
    source.others = int(map.value(u"others"_s).toInteger());
    source.otherMean = finite(map.value(u"otherMean"_s));
    source.otherSigma = finite(map.value(u"otherSigma"_s));
    source.ownAbove = int(map.value(u"ownAbove"_s).toInteger());
    source.fingerprint = cv::Mat(int(high), int(wide), CV_32FC1);
    std::memcpy(source.fingerprint.data, values.constData(), std::size_t(values.size()));
    cv::patchNaNs(source.fingerprint, 0.0);
    return source;
}

} // namespace fw
