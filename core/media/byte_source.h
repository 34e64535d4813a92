// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <functional>
#include <memory>

namespace fw {

/// Where the bytes come from. Read-only; tests supply one that fails at byte N.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    virtual Result<qint64> read(char *to, qint64 atMost) = 0; ///< 0 at the end
    virtual Result<void> seek(qint64 position) = 0;
    virtual qint64 size() const = 0; ///< bytes; -1 when unknown
};
using ByteSourceFactory = std::function<Result<std::unique_ptr<ByteSource>>(const QString &path)>;

/// Opens a local file read-only. A folder, a device or a missing file is an error that says so.
Result<std::unique_ptr<ByteSource>> openFileSource(const QString &path);

} // namespace fw
