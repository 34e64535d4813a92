// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/jpeg.h"

#include <QByteArray>

namespace fw {

/// Fills markers, restart interval, coding process and bytesAfterEnd by walking the file's own
/// marker structure. Errc::BadData when the bytes do not begin as a JPEG; a walk that ends early
/// keeps what was found and adds a warning.
Result<void> walkJpegMarkers(const QByteArray &bytes, const QString &path, JpegFile *file);

} // namespace fw
