// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QJsonObject>

namespace fw {

/// A JSON object from a file whose SHA-256 is compared with the expected one first, on the very bytes that
/// are read. @param sha256  lower-case hex.
/// Errc::NotFound, Unreadable; Mismatch when the bytes are others; BadData when they are no JSON object.
Result<QJsonObject> readCheckedJson(const QString &path, const QString &sha256);

} // namespace fw
