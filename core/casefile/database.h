// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariantList>

#include <memory>

class QSqlError;

namespace fw {

/// One connection to one SQLite file, with failures in plain words. One thread at a time.
class Database
{
public:
    enum class Mode { ReadOnly, ReadWrite, Create };
    static Result<std::unique_ptr<Database>> open(const QString &path, Mode mode);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Runs one statement; values are bound to its question marks.
    Result<QSqlQuery> run(const QString &sql, const QVariantList &values = {}) const;
    /// First column of the first row; an invalid value when there is no row.
    Result<QVariant> single(const QString &sql, const QVariantList &values = {}) const;
    /// Row number of the last insertion of this connection.
    Result<qint64> insert(const QString &sql, const QVariantList &values);

    QString path() const { return m_path; }

private:
    Database(QString path, QString connection);
    Failure failure(const QSqlError &error) const;

    QString m_path;
    QString m_connection;
    QSqlDatabase m_db;
};

/// Begins on construction, undoes everything unless commit() has succeeded.
class Transaction
{
public:
    explicit Transaction(Database *database);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;

    const Result<void> &begun() const { return m_begun; }
    Result<void> commit();

private:
    Database *m_database;
    Result<void> m_begun;
    bool m_open = false;
};

} // namespace fw
