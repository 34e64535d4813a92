// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QCborValue>
#include <QString>

#include <optional>
#include <vector>

namespace fw {

/// One superbox of a JUMBF tree: its label, the bytes between its header and its end (which hashes are
/// taken over), and what lies in it.
struct JumbfBox
{
    QString label;
    QByteArray bytes;
    QByteArray content;   ///< payload of the first content box (CBOR, JSON, ...), empty in pure folders
    QByteArray contentType; ///< "cbor", "json", "bidb", ...
    std::vector<JumbfBox> children;

    const JumbfBox *child(const QString &name) const;
};

/// Reads one superbox. Errc::BadData with the reason on damage; nesting is bounded.
Result<JumbfBox> readJumbf(const QByteArray &bytes);

/// Parses CBOR; undefined when it is damaged: what the parser had read until then must not be walked.
QCborValue wholeCbor(const QByteArray &bytes);

/// The manifest store of a JPEG (APP11 segments) or PNG (chunk caBX); nullopt when there is none.
/// Errc::BadData when its parts do not fit together.
Result<std::optional<QByteArray>> findManifestStore(const QByteArray &file);

} // namespace fw
