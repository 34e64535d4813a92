// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"
#include "casefile/database.h"

#include <QJsonArray>
#include <QLoggingCategory>
#include <QVariantMap>

namespace fw {

Q_DECLARE_LOGGING_CATEGORY(lcCase)

struct CaseFile::Impl
{
    std::unique_ptr<Database> database;
    QString actor;
    bool readOnly = false;

    /// Runs a query whose failure means "nothing to show"; the reason goes to the log.
    std::optional<QSqlQuery> rows(const QString &sql, const QVariantList &values = {}) const;
};

/// One change of the case: rows that are added and the audit entry that names them, together or not
/// at all. The first failure is kept and makes all that follows do nothing.
class Change
{
public:
    explicit Change(CaseFile::Impl &impl);

    /// @return the number of the new row; 0 after a failure.
    qint64 add(const QString &table, const QVariantMap &columns);
    /// First column of the first row.
    QVariant single(const QString &sql, const QVariantList &values = {});
    void refuse(const Failure &failure);

    Result<void> commit(const QString &action, QJsonObject detail);

private:
    CaseFile::Impl &m_impl;
    Transaction m_transaction;
    Result<void> m_state;
    QJsonArray m_stored;
};

} // namespace fw
