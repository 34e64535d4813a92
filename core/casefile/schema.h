// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/database.h"

#include <QStringList>

namespace fw::schema {

constexpr int kApplicationId = 0x46574331; ///< "FWC1", at byte 68 of the file
constexpr int kVersion = 1;                ///< SQLite's user_version, at byte 60

/// Tables whose rows are only ever added. Each row is named by an entry of the audit log.
const QStringList &contentTables();

/// Makes an empty case; everything in one transaction.
Result<void> create(Database *database);

/// Looks at the first bytes only: is it a case, and of a format that we read?
Result<void> checkHeader(const QString &path);

/// Are all tables and all guards against changes in place, word for word?
Result<void> checkTables(const Database &database);

} // namespace fw::schema
