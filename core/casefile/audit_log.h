// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"
#include "casefile/database.h"

namespace fw::auditlog {

/// In an entry's detail: the rows it added, as [{"table", "row", "sha256"}].
inline const QString kStored = QStringLiteral("stored");

/// The chain's first link follows this.
const QString &genesis();

/// SHA-256 over the previous hash and the entry as canonical JSON (without its own hash).
QString chainHash(const QString &previous, const AuditEntry &entry);

/// Adds an entry after the last one; to be called inside the transaction of what it describes.
Result<void> append(Database *database, const QString &actor, const QString &action,
                    const QJsonObject &detail);

Result<std::vector<AuditEntry>> read(const Database &database);

/// SHA-256 over one row of a content table, as the entry about it records it.
Result<QString> rowHash(const Database &database, const QString &table, qint64 id);

/// Walks the chain, then compares every row of the case with what its entry recorded of it.
AuditCheck verify(const Database &database);

} // namespace fw::auditlog
