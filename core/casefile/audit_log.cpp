// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/audit_log.h"

#include "base/hash.h"
#include "base/json.h"
#include "casefile/schema.h"

#include <QSqlRecord>

#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace fw::auditlog {

namespace {

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

/// The problem with one entry of the chain, or an empty string.
QString linkProblem(const AuditEntry &entry, qint64 expected, const QString &previous)
{
    if (entry.sequence != expected) {
        return u"entry %1 is missing or out of order (found number %2)"_s.arg(expected).arg(
            entry.sequence);
    }
    if (entry.hash != chainHash(previous, entry)) {
        return u"entry %1 (%2) does not fit the chain: it or an earlier one was changed"_s
            .arg(entry.sequence)
            .arg(entry.action);
    }
    return {};
}

/// All reading between construction and destruction sees one state of the case.
class Snapshot
{
public:
    explicit Snapshot(const Database &database)
        : m_database(database)
    {
        (void)m_database.run(u"BEGIN"_s);
    }
    ~Snapshot() { (void)m_database.run(u"COMMIT"_s); }
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;

private:
    const Database &m_database;
};

using RowHashes = std::map<qint64, QString>;

QString tableProblem(const Database &database, const QString &table, const RowHashes &recorded)
{
    std::set<qint64> present;
    {
        auto ids = database.run(u"SELECT id FROM %1"_s.arg(table));
        if (!ids)
            return ids.error().text();
        while (ids->next())
            present.insert(ids->value(0).toLongLong());
    }
    for (const auto &[id, hash] : recorded) {
        if (!present.contains(id))
            return u"the log names row %1 of \"%2\", which is gone"_s.arg(id).arg(table);
        const auto now = rowHash(database, table, id);
        if (!now)
            return now.error().text();
        if (*now != hash)
            return u"row %1 of \"%2\" was changed after it was recorded"_s.arg(id).arg(table);
        present.erase(id);
    }
    if (!present.empty())
        return u"row %1 of \"%2\" is not in the log"_s.arg(*present.begin()).arg(table);
    return {};
}

} // namespace

const QString &genesis()
{
    static const QString zeros(64, u'0');
    return zeros;
}

QString chainHash(const QString &previous, const AuditEntry &entry)
{
    return hexText(sha256(previous.toLatin1() + canonicalJson({{u"sequence"_s, entry.sequence},
                                                               {u"time"_s, timeText(entry.time)},
                                                               {u"actor"_s, entry.actor},
                                                               {u"action"_s, entry.action},
                                                               {u"detail"_s, entry.detail}})));
}

Result<void> append(Database *database, const QString &actor, const QString &action,
                    const QJsonObject &detail)
{
    AuditEntry entry{1, QDateTime::currentDateTimeUtc(), actor, action, detail, {}};
    QString previous = genesis();
    {
        auto last = database->run(u"SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1"_s);
        if (!last)
            return Failure{last.error()};
        if (last->next()) {
            entry.sequence = last->value(0).toLongLong() + 1;
            previous = last->value(1).toString();
        }
    }
    entry.hash = chainHash(previous, entry);
    const auto stored = database->insert(
        u"INSERT INTO audit (id, time, actor, action, detail, hash) VALUES (?, ?, ?, ?, ?, ?)"_s,
        {entry.sequence, timeText(entry.time), actor, action,
         QString::fromUtf8(canonicalJson(detail)), entry.hash});
    if (!stored)
        return Failure{stored.error()};
    return {};
}

Result<std::vector<AuditEntry>> read(const Database &database)
{
    auto query =
        database.run(u"SELECT id, time, actor, action, detail, hash FROM audit ORDER BY id"_s);
    if (!query)
        return Failure{query.error()};
    std::vector<AuditEntry> entries;
    while (query->next()) {
        const auto detail = parseJsonObject(query->value(4).toByteArray(), database.path());
        entries.push_back({query->value(0).toLongLong(),
                           QDateTime::fromString(query->value(1).toString(), Qt::ISODateWithMs),
                           query->value(2).toString(), query->value(3).toString(),
                           detail.value_or(QJsonObject()), query->value(5).toString()});
    }
    return entries;
}

Result<QString> rowHash(const Database &database, const QString &table, qint64 id)
{
    auto query = database.run(u"SELECT * FROM %1 WHERE id = ?"_s.arg(table), {id});
    if (!query)
        return Failure{query.error()};
    if (!query->next())
        return fail(Errc::NotFound, u"no row %1 in \"%2\""_s.arg(id).arg(table), database.path());
    QJsonObject row;
    const QSqlRecord record = query->record();
    for (int i = 0; i < record.count(); ++i) {
        const QVariant value = query->value(i);
        const bool bytes = value.typeId() == QMetaType::QByteArray;
        row.insert(record.fieldName(i), bytes ? QJsonValue(hexText(sha256(value.toByteArray())))
                                              : QJsonValue::fromVariant(value));
    }
    return hexText(sha256(canonicalJson(row)));
}

AuditCheck verify(const Database &database)
{
    AuditCheck check;
    // One snapshot: another program may be adding to the case meanwhile.
    const Snapshot snapshot(database);
    const auto structure = schema::checkTables(database);
    const auto entries = read(database);
    if (!entries) {
        check.problem = entries.error().text();
        return check;
    }
    check.entries = qint64(entries->size());
    check.headHash = entries->empty() ? genesis() : entries->back().hash;

    std::map<QString, RowHashes> recorded;
    QString previous = genesis();
    qint64 expected = 1;
    for (const AuditEntry &entry : *entries) {
        check.problem = linkProblem(entry, expected++, previous);
        if (!check.problem.isEmpty())
            return check;
        previous = entry.hash;
        for (const QJsonValue &row : entry.detail.value(kStored).toArray()) {
            recorded[row.toObject().value(u"table"_s).toString()]
                    [row.toObject().value(u"row"_s).toInteger()] =
                        row.toObject().value(u"sha256"_s).toString();
        }
    }
    if (entries->empty())
        check.problem = u"the audit log is empty"_s;
    if (!structure)
        check.problem = structure.error().text();
    for (const QString &table : schema::contentTables()) {
        if (check.problem.isEmpty())
            check.problem = tableProblem(database, table, recorded[table]);
    }
    check.intact = check.problem.isEmpty();
    return check;
}

} // namespace fw::auditlog
