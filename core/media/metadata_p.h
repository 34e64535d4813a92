// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace fw {

/// The EXIF orientation (1..8) of a picture file held in memory; nullopt when it states none.
std::optional<int> exifOrientation(const QByteArray &file);

} // namespace fw
