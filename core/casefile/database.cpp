// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/database.h"

#include <QSqlError>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kBusyMs = 5000; // longer than any change of ours takes

/// SQLite's result codes, https://www.sqlite.org/rescode.html; the low byte is the primary code.
enum Code {
    kBusy = 5,
    kLocked = 6,
    kReadOnly = 8,
    kIoError = 10,
    kCorrupt = 11,
    kFull = 13,
    kCannotOpen = 14,
    kTooBig = 18,
    kConstraint = 19,
    kNotADatabase = 26,
    kIoErrorRead = 266,
    kIoErrorShortRead = 522,
};

Failure worded(int code, const QString &driverText, const QString &path)
{
    if (code == kIoErrorRead || code == kIoErrorShortRead)
        return fail(Errc::Unreadable, u"the disk could not read the case"_s, path);
    switch (code & 0xff) {
    case kBusy:
    case kLocked:
        return fail(Errc::Unwritable,
                    u"another program is working on this case; try again when it has finished"_s,
                    path);
    case kReadOnly:
        return fail(Errc::Unwritable, u"the case or its folder is read-only"_s, path);
    case kIoError:
        return fail(Errc::Unwritable,
                    u"the disk did not take the data (full or faulty); the change was not stored"_s,
                    path);
    case kFull:
        return fail(Errc::Unwritable, u"the disk is full; the change was not stored"_s, path);
    case kCannotOpen:
        return fail(Errc::Unwritable,
                    u"the case cannot be opened here; its folder may not allow new files"_s, path);
    case kTooBig:
        return fail(Errc::Unsupported, u"the data are too large for a case file"_s, path);
    case kCorrupt:
        return fail(Errc::BadData, u"the case file is damaged"_s, path);
    case kNotADatabase:
        return fail(Errc::BadData, u"this is not a case file"_s, path);
    case kConstraint:
        return fail(Errc::Internal, u"the case refuses this change: "_s + driverText, path);
    default:
        return fail(Errc::Internal, u"the case file failed: "_s + driverText, path);
    }
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(const QString &path, Mode mode)
{
    const QString connection = u"fw-case-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    std::unique_ptr<Database> database(new Database(path, connection));
    if (!database->m_db.isValid())
        return fail(Errc::Internal, u"Qt's SQLite driver is not installed"_s, path);
    QString options = u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(kBusyMs);
    if (mode == Mode::ReadOnly)
        options += u";QSQLITE_OPEN_READONLY"_s;
    database->m_db.setConnectOptions(options);
    database->m_db.setDatabaseName(path);
    if (!database->m_db.open())
        return database->failure(database->m_db.lastError());
    // A rollback journal keeps a case in one file and readable from read-only media; EXTRA makes
    // a finished change survive a power cut.
    QStringList settings{u"PRAGMA foreign_keys=ON"_s, u"PRAGMA synchronous=EXTRA"_s,
                         u"PRAGMA trusted_schema=OFF"_s};
    if (mode != Mode::ReadOnly)
        settings << u"PRAGMA journal_mode=DELETE"_s;
    for (const QString &setting : settings) {
        const auto done = database->run(setting);
        if (!done)
            return Failure{done.error()};
    }
    return database;
}

Database::Database(QString path, QString connection)
    : m_path(std::move(path))
    , m_connection(std::move(connection))
    , m_db(QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection))
{
}

Database::~Database()
{
    m_db.close();
    m_db = QSqlDatabase(); // removeDatabase warns while a copy lives
    QSqlDatabase::removeDatabase(m_connection);
}

Result<QSqlQuery> Database::run(const QString &sql, const QVariantList &values) const
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true); // keeps Qt from caching whole results
    if (!query.prepare(sql))
        return failure(query.lastError());
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return failure(query.lastError());
    return Result<QSqlQuery>(std::move(query));
}

Result<QVariant> Database::single(const QString &sql, const QVariantList &values) const
{
    auto query = run(sql, values);
    if (!query)
        return Failure{query.error()};
    if (!query->next())
        return QVariant();
    return query->value(0);
}

Result<qint64> Database::insert(const QString &sql, const QVariantList &values)
{
    const auto query = run(sql, values);
    if (!query)
        return Failure{query.error()};
    return query->lastInsertId().toLongLong();
}

Failure Database::failure(const QSqlError &error) const
{
    return worded(error.nativeErrorCode().toInt(), error.databaseText(), m_path);
}

Transaction::Transaction(Database *database)
    : m_database(database)
{
    // IMMEDIATE takes the writer's lock at once: a change never fails half-way for another writer.
    const auto query = m_database->run(u"BEGIN IMMEDIATE"_s);
    if (!query)
        m_begun = Failure{query.error()};
    m_open = bool(query);
}

Transaction::~Transaction()
{
    if (m_open)
        (void)m_database->run(u"ROLLBACK"_s); // fails when SQLite has rolled back by itself already
}

Result<void> Transaction::commit()
{
    if (!m_open)
        return m_begun;
    const auto query = m_database->run(u"COMMIT"_s);
    if (!query)
        return Failure{query.error()};
    m_open = false;
    return {};
}

} // namespace fw
