// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/byte_source.h"

#include <QStringList>

#include <optional>

namespace fw::av {

/// A HEIF still whose pixels libheif has decoded.
struct HeifPicture
{
    std::unique_ptr<ByteSource> bytes; ///< the planes as a YUV4MPEG2 stream of one frame, in memory
    QString brand;                     ///< "heic"
    int codedWidth = 0, codedHeight = 0; ///< px before the turns that the file asks for
    int matrix = 6, primaries = 1, transfer = 13; ///< as in ITU-T H.273: sYCC unless stated
    QStringList warnings;
};

/// Looks at the first bytes; leaves the source at its beginning. nullopt: no HEIF still with HEVC
/// pictures (sequences and AVIF are FFmpeg's). The planes are those that the decoder gives, of the
/// primary picture, with the file's own turns and cuts applied: nothing is scaled or converted.
/// Errors: Errc::BadData and Errc::Unsupported, in words; what the source says. Source of the
/// format: ISO/IEC 23008-12.
Result<std::optional<HeifPicture>> openHeif(ByteSource &source, const QString &path);

} // namespace fw::av
