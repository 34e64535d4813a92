// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

namespace fw {

static_assert(std::endian::native == std::endian::little, "stored arrays are little-endian");

/// The memory of a vector as bytes, and back; false when the length is no multiple of T.
template <class T> QByteArray arrayBytes(const std::vector<T> &values)
{
    static_assert(std::is_trivially_copyable_v<T>);
    return QByteArray(reinterpret_cast<const char *>(values.data()),
                      qsizetype(values.size() * sizeof(T)));
}

template <class T> bool readArray(const QByteArray &bytes, std::vector<T> *values)
{
    static_assert(std::is_trivially_copyable_v<T>);
    if (bytes.size() % qsizetype(sizeof(T)) != 0)
        return false;
    values->resize(std::size_t(bytes.size()) / sizeof(T));
    if (!bytes.isEmpty())
        std::memcpy(values->data(), bytes.constData(), std::size_t(bytes.size()));
    return true;
}

/// Compresses and seals: magic (4 characters), SHA-256 of what follows, size, zlib data.
QByteArray sealed(const char (&magic)[5], const QByteArray &body);

/// Checks and unpacks. The seal catches damage, the size bound keeps a crafted file from filling
/// the memory. Errc::BadData with a reason otherwise.
Result<QByteArray> unsealed(const char (&magic)[5], const QByteArray &bytes);

/// The sealed body of a file whose SHA-256 (lower-case hex, of the whole file) is known.
/// Errc::NotFound; BadData when it is another file or damaged. Both name the path.
Result<QByteArray> readSealedFile(const char (&magic)[5], const QString &path, const QString &sha256);

/// Likewise the numbers of a model. Errc::BadData also unless there are `count`, all finite; `what` says what is missing then.
template <class T>
Result<std::vector<T>> readSealedNumbers(const char (&magic)[5], const QString &path, const QString &sha256, std::size_t count,
                                         const QString &what)
{
    const auto body = readSealedFile(magic, path, sha256);
    if (!body)
        return Failure{body.error()};
    std::vector<T> values;
    if (!readArray(*body, &values) || values.size() != count || !std::ranges::all_of(values, [](T v) { return std::isfinite(v); }))
        return fail(Errc::BadData, what, path);
    return values;
}

} // namespace fw
