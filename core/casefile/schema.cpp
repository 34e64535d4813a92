// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/schema.h"

#include <QFile>
#include <QFileInfo>
#include <QtEndian>

using namespace Qt::StringLiterals;

namespace fw::schema {

namespace {

constexpr qint64 kHeaderBytes = 100;
constexpr qint64 kVersionAt = 60;
constexpr qint64 kApplicationIdAt = 68;

struct Object
{
    QString name;
    QString sql;
};

const std::vector<Object> &tables()
{
    static const std::vector<Object> objects{
        {u"audit"_s, u"CREATE TABLE audit (id INTEGER PRIMARY KEY, time TEXT NOT NULL, "
                     "actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, "
                     "hash TEXT NOT NULL)"_s},
        {u"info"_s, u"CREATE TABLE info (id INTEGER PRIMARY KEY, json TEXT NOT NULL)"_s},
        {u"evidence"_s, u"CREATE TABLE evidence (id INTEGER PRIMARY KEY, "
                        "sha256 TEXT NOT NULL UNIQUE, facts TEXT NOT NULL, added TEXT NOT NULL)"_s},
        {u"place"_s, u"CREATE TABLE place (id INTEGER PRIMARY KEY, "
                     "evidence INTEGER NOT NULL REFERENCES evidence, path TEXT NOT NULL)"_s},
        {u"ledger"_s, u"CREATE TABLE ledger (id INTEGER PRIMARY KEY, "
                      "evidence INTEGER NOT NULL REFERENCES evidence, body BLOB NOT NULL)"_s},
        {u"result"_s, u"CREATE TABLE result (id INTEGER PRIMARY KEY, "
                      "evidence INTEGER NOT NULL REFERENCES evidence, key TEXT NOT NULL, "
                      "plugin TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, "
                      "record TEXT NOT NULL, body BLOB NOT NULL)"_s},
        {u"shown"_s, u"CREATE TABLE shown (id INTEGER PRIMARY KEY, "
                     "result INTEGER NOT NULL REFERENCES result)"_s},
        {u"observations"_s, u"CREATE TABLE observations (id INTEGER PRIMARY KEY, "
                            "evidence INTEGER NOT NULL REFERENCES evidence, key TEXT NOT NULL, "
                            "body BLOB NOT NULL)"_s},
        {u"mark"_s, u"CREATE TABLE mark (id INTEGER PRIMARY KEY, mark INTEGER NOT NULL, "
                    "evidence INTEGER NOT NULL REFERENCES evidence, first INTEGER NOT NULL, "
                    "stop INTEGER NOT NULL, label TEXT NOT NULL, color TEXT NOT NULL, "
                    "removed INTEGER NOT NULL)"_s},
        {u"note"_s, u"CREATE TABLE note (id INTEGER PRIMARY KEY, note INTEGER NOT NULL, "
                    "evidence INTEGER REFERENCES evidence, frame INTEGER, finding TEXT, "
                    "text TEXT NOT NULL, author TEXT NOT NULL, written TEXT NOT NULL, "
                    "removed INTEGER NOT NULL)"_s},
    };
    return objects;
}

const std::vector<Object> &indices()
{
    static const std::vector<Object> objects{
        {u"result_by_key"_s, u"CREATE INDEX result_by_key ON result (key)"_s},
        {u"observations_by_key"_s, u"CREATE INDEX observations_by_key ON observations (key)"_s},
        {u"shown_by_result"_s, u"CREATE INDEX shown_by_result ON shown (result)"_s},
    };
    return objects;
}

/// Three guards per table. The third is needed because INSERT OR REPLACE deletes without firing
/// the second one.
std::vector<Object> guards(const QString &table)
{
    const QString refuse =
        u" BEGIN SELECT RAISE(ABORT, 'what was recorded is never changed'); END"_s;
    return {
        {table + u"_no_update"_s,
         u"CREATE TRIGGER %1_no_update BEFORE UPDATE ON %1"_s.arg(table) + refuse},
        {table + u"_no_delete"_s,
         u"CREATE TRIGGER %1_no_delete BEFORE DELETE ON %1"_s.arg(table) + refuse},
        {table + u"_no_replace"_s,
         u"CREATE TRIGGER %1_no_replace BEFORE INSERT ON %1 "
         "WHEN EXISTS (SELECT 1 FROM %1 WHERE id >= NEW.id AND NEW.id >= 0)"_s.arg(table) +
             refuse},
    };
}

std::vector<Object> allObjects()
{
    std::vector<Object> all = tables();
    all.insert(all.end(), indices().begin(), indices().end());
    for (const Object &table : tables()) {
        for (Object &guard : guards(table.name))
            all.push_back(std::move(guard));
    }
    return all;
}

} // namespace

const QStringList &contentTables()
{
    static const QStringList names = [] {
        QStringList list;
        for (const Object &table : tables()) {
            if (table.name != u"audit"_s)
                list << table.name;
        }
        return list;
    }();
    return names;
}

Result<void> create(Database *database)
{
    QStringList statements{u"PRAGMA application_id=%1"_s.arg(kApplicationId),
                           u"PRAGMA user_version=%1"_s.arg(kVersion)};
    for (const Object &object : allObjects())
        statements << object.sql;
    Transaction transaction(database);
    if (!transaction.begun())
        return transaction.begun();
    for (const QString &statement : statements) {
        const auto done = database->run(statement);
        if (!done)
            return Failure{done.error()};
    }
    return transaction.commit();
}

Result<void> checkHeader(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(Errc::NotFound, u"there is no such file"_s, path);
    if (info.isDir())
        return fail(Errc::Unsupported, u"this is a folder, not a case file"_s, path);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Unreadable, u"the file cannot be read: "_s + file.errorString(), path);
    const QByteArray head = file.read(kHeaderBytes);
    if (head.size() < kHeaderBytes || !head.startsWith(QByteArray("SQLite format 3\0", 16)) ||
        qFromBigEndian<qint32>(head.constData() + kApplicationIdAt) != kApplicationId)
        return fail(Errc::Unsupported, u"this is not a Framewitness case"_s, path);
    const qint32 version = qFromBigEndian<qint32>(head.constData() + kVersionAt);
    if (version > kVersion) {
        return fail(Errc::Unsupported,
                    u"this case was made by a newer version of the program (format %1, this "
                    "program reads up to %2)"_s.arg(version)
                        .arg(kVersion),
                    path);
    }
    if (version < 1)
        return fail(Errc::BadData, u"the case names an unknown format (%1)"_s.arg(version), path);
    return {};
}

Result<void> checkTables(const Database &database)
{
    for (const Object &object : allObjects()) {
        const auto sql =
            database.single(u"SELECT sql FROM sqlite_schema WHERE name = ?"_s, {object.name});
        if (!sql)
            return Failure{sql.error()};
        if (sql->toString() != object.sql) {
            return fail(Errc::BadData,
                        u"the case's own structure was changed (\"%1\")"_s.arg(object.name),
                        database.path());
        }
    }
    return {};
}

} // namespace fw::schema
