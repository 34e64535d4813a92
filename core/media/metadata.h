// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace fw {

/// One EXIF, IPTC, XMP or container tag, as text.
struct MetadataEntry
{
    QString key;   ///< "Exif.Image.Model", "Xmp.xmp.CreatorTool", "Container.encoder"
    QString value;
    friend bool operator==(const MetadataEntry &, const MetadataEntry &) = default;
};

/// All metadata of a file, in the order of its storage.
struct Metadata
{
    std::vector<MetadataEntry> entries;
    std::optional<int> thumbnailWidth, thumbnailHeight;
    QByteArray thumbnail; ///< the embedded EXIF thumbnail as it is stored; empty when there is none that can be read
    QStringList warnings;

    std::optional<QString> value(const QString &key) const;
};

/// Reads EXIF, IPTC and XMP (libexiv2) of stills and of containers that carry them. A file without
/// metadata gives an empty list; an unreadable block gives a warning in the list, not an error.
Result<Metadata> readMetadata(const QString &path);

} // namespace fw
