// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/packed.h"

#include "base/hash.h"

#include <QFile>

#include <zlib.h>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr qsizetype kMagicBytes = 4;
constexpr qsizetype kHashBytes = 32;
constexpr qsizetype kHeadBytes = kMagicBytes + kHashBytes + qsizetype(sizeof(quint64));
constexpr quint64 kMaxBody = quint64(1) << 30;
// Low, because reading time and writing time both matter and float columns hardly shrink further.
constexpr int kLevel = 2;

} // namespace

QByteArray sealed(const char (&magic)[5], const QByteArray &body)
{
    const quint64 size = quint64(body.size());
    uLongf packedSize = compressBound(uLong(size));
    QByteArray packed(qsizetype(packedSize), Qt::Uninitialized);
    compress2(reinterpret_cast<Bytef *>(packed.data()), &packedSize,
              reinterpret_cast<const Bytef *>(body.constData()), uLong(size), kLevel);
    packed.truncate(qsizetype(packedSize));
    packed.prepend(reinterpret_cast<const char *>(&size), sizeof(size));

    const Sha256 hash = sha256(packed);
    QByteArray bytes(magic, kMagicBytes);
    bytes.append(reinterpret_cast<const char *>(hash.data()), kHashBytes);
    bytes.append(packed);
    return bytes;
}

Result<QByteArray> unsealed(const char (&magic)[5], const QByteArray &bytes)
{
    if (bytes.size() < kHeadBytes || !bytes.startsWith(QByteArray(magic, kMagicBytes)))
        return fail(Errc::BadData, u"stored data of another kind or cut off at the beginning"_s);
    const QByteArray packed = bytes.mid(kMagicBytes + kHashBytes);
    const Sha256 hash = sha256(packed);
    if (std::memcmp(hash.data(), bytes.constData() + kMagicBytes, kHashBytes) != 0)
        return fail(Errc::BadData, u"stored data do not match their check sum"_s);

    quint64 size = 0;
    std::memcpy(&size, packed.constData(), sizeof(size));
    if (size > kMaxBody)
        return fail(Errc::BadData, u"stored data claim an impossible size"_s);
    QByteArray body(qsizetype(size), Qt::Uninitialized);
    uLongf bodySize = uLongf(size);
    const int status =
        uncompress(reinterpret_cast<Bytef *>(body.data()), &bodySize,
                   reinterpret_cast<const Bytef *>(packed.constData()) + sizeof(size),
                   uLong(packed.size() - qsizetype(sizeof(size))));
    if (status != Z_OK || bodySize != uLongf(size))
        return fail(Errc::BadData, u"stored data cannot be unpacked"_s);
    return body;
}

Result<QByteArray> readSealedFile(const char (&magic)[5], const QString &path, const QString &sha256)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    if (hexText(fw::sha256(bytes)) != sha256)
        return fail(Errc::BadData, u"is not the file that the method names"_s, path);
    auto body = unsealed(magic, bytes);
    if (!body)
        return fail(body.error().code, body.error().what, path);
    return body;
}

} // namespace fw
