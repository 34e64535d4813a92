// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>

namespace fw {

using Sha256 = std::array<unsigned char, 32>;

/// Lower-case hexadecimal, 64 characters.
QString hexText(const Sha256 &hash);
/// The inverse of hexText; nullopt-like failure is reported as false.
bool parseHex(const QString &text, Sha256 *hash);

/// Incremental SHA-256 (OpenSSL, which uses the processor's SHA instructions).
class Sha256Stream
{
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream &&) noexcept;
    Sha256Stream &operator=(Sha256Stream &&) noexcept;

    void add(const void *data, std::size_t bytes);
    void add(const QByteArray &bytes) { add(bytes.constData(), std::size_t(bytes.size())); }
    Sha256 finish(); ///< ends the stream; call once

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

Sha256 sha256(const QByteArray &bytes);

struct FileHashes
{
    qint64 size = 0;
    Sha256 sha256{};
    QByteArray md5Hex; ///< for matching older records only; SHA-256 decides
};

/// Reads a file once and hashes it. `progress` gets the share read, 0..1, at most once a megabyte.
Result<FileHashes> hashFile(const QString &path, std::stop_token stop = {},
                            const std::function<void(double)> &progress = {});

} // namespace fw
