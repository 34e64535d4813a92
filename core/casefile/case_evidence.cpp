// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "casefile/case_file.h"
#include "casefile/case_impl.h"
#include "casefile/facts_store.h"
#include "findings/serialize.h"

#include <set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

qint64 number(EvidenceId id)
{
    return static_cast<qint64>(id);
}

QString timeText(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QString jsonText(const QJsonObject &object)
{
    return QString::fromUtf8(canonicalJson(object));
}

/// Columns: state, reason, record, body. A row that cannot be read is shown as such, not left out.
MethodResult resultFrom(const QSqlQuery &row)
{
    MethodResult result;
    const auto recordJson = parseJsonObject(row.value(2).toByteArray(), {});
    const auto record =
        recordJson ? recordFromJson(*recordJson) : Result<RunRecord>(Failure{recordJson.error()});
    if (record)
        result.record = *record;
    const auto state = runStateFromName(row.value(0).toString());
    auto body = resultFromBytes(row.value(3).toByteArray());
    if (!record || !state || !body) {
        result.state = RunState::Failed;
        const QString reason = !record ? record.error().text()
                               : !body ? body.error().text()
                                       : u"unknown state"_s;
        result.reason = u"the stored result is damaged: "_s + reason;
        qCWarning(lcCase).noquote() << result.record.pluginId << result.reason;
        return result;
    }
    result.state = *state;
    result.reason = row.value(1).toString();
    result.result = std::move(*body);
    return result;
}

Evidence evidenceFrom(const QSqlQuery &row)
{
    Evidence evidence;
    evidence.id = EvidenceId(row.value(0).toLongLong());
    const auto json = parseJsonObject(row.value(1).toByteArray(), {});
    if (!json)
        qCWarning(lcCase).noquote() << json.error().text();
    evidence.facts = factsFromStored(json.value_or(QJsonObject()));
    evidence.added = QDateTime::fromString(row.value(2).toString(), Qt::ISODateWithMs);
    evidence.lastPath = row.value(3).toString();
    return evidence;
}

const QString kEvidenceColumns =
    u"SELECT id, facts, added, (SELECT path FROM place WHERE evidence = evidence.id "
    "ORDER BY place.id DESC LIMIT 1) FROM evidence "_s;

} // namespace

Result<EvidenceId> CaseFile::addEvidence(const MediaFacts &facts)
{
    if (!facts.hashed) {
        return fail(Errc::BadData, u"the file must be hashed before it becomes evidence"_s,
                    facts.path);
    }
    if (const auto known = evidenceByHash(facts.sha256Text())) {
        if (known->lastPath == facts.path || m_impl->readOnly)
            return known->id;
        Change change(*m_impl);
        change.add(u"place"_s, {{u"evidence"_s, number(known->id)}, {u"path"_s, facts.path}});
        const auto done =
            change.commit(u"evidence-found-again"_s,
                          {{u"evidence"_s, number(known->id)}, {u"path"_s, facts.path}});
        if (!done)
            return Failure{done.error()};
        return known->id;
    }
    Change change(*m_impl);
    const qint64 id =
        change.add(u"evidence"_s, {{u"sha256"_s, facts.sha256Text()},
                                   {u"facts"_s, jsonText(storedFacts(facts))},
                                   {u"added"_s, timeText(QDateTime::currentDateTimeUtc())}});
    change.add(u"place"_s, {{u"evidence"_s, id}, {u"path"_s, facts.path}});
    const auto done =
        change.commit(u"evidence-added"_s, {{u"evidence"_s, id},
                                            {u"path"_s, facts.path},
                                            {u"size"_s, facts.hashes.size},
                                            {u"sha256"_s, facts.sha256Text()},
                                            {u"md5"_s, QString::fromLatin1(facts.hashes.md5Hex)}});
    if (!done)
        return Failure{done.error()};
    return EvidenceId(id);
}

std::vector<Evidence> CaseFile::evidence() const
{
    std::vector<Evidence> list;
    auto query = m_impl->rows(kEvidenceColumns + u"ORDER BY id"_s);
    while (query && query->next())
        list.push_back(evidenceFrom(*query));
    return list;
}

std::optional<Evidence> CaseFile::evidenceByHash(const QString &sha256) const
{
    auto query = m_impl->rows(kEvidenceColumns + u"WHERE sha256 = ?"_s, {sha256});
    if (!query || !query->next())
        return std::nullopt;
    return evidenceFrom(*query);
}

Result<void> CaseFile::saveLedger(EvidenceId evidence, const Ledger &ledger)
{
    const QByteArray body = toBytes(ledger);
    Change change(*m_impl);
    const QVariant last =
        change.single(u"SELECT body FROM ledger WHERE evidence = ? ORDER BY id DESC LIMIT 1"_s,
                      {number(evidence)});
    if (last.toByteArray() == body)
        return {};
    change.add(u"ledger"_s, {{u"evidence"_s, number(evidence)}, {u"body"_s, body}});
    return change.commit(u"ledger-stored"_s, {{u"evidence"_s, number(evidence)},
                                              {u"frames"_s, qint64(ledger.count())},
                                              {u"digest"_s, hexText(ledger.digest())}});
}

std::optional<Ledger> CaseFile::ledger(EvidenceId evidence) const
{
    auto query =
        m_impl->rows(u"SELECT body FROM ledger WHERE evidence = ? ORDER BY id DESC LIMIT 1"_s,
                     {number(evidence)});
    if (!query || !query->next())
        return std::nullopt;
    auto ledger = ledgerFromBytes(query->value(0).toByteArray());
    if (ledger)
        return std::move(*ledger);
    qCWarning(lcCase).noquote() << ledger.error().text();
    return std::nullopt;
}

Result<void> CaseFile::saveResult(EvidenceId evidence, const MethodResult &result)
{
    const QString key = result.record.cacheKey();
    const QJsonObject about{{u"evidence"_s, number(evidence)},
                            {u"plugin"_s, result.record.pluginId},
                            {u"version"_s, result.record.pluginVersion},
                            {u"key"_s, key},
                            {u"state"_s, runStateName(result.state)}};
    Change change(*m_impl);
    const qint64 known =
        change
            .single(u"SELECT id FROM result WHERE key = ? AND evidence = ? AND "
                    "state IN ('done', 'not-applicable') ORDER BY id DESC LIMIT 1"_s,
                    {key, number(evidence)})
            .toLongLong();
    if (known > 0) {
        // The same result again: it only becomes the one that is shown for its method.
        const qint64 shown =
            change
                .single(u"SELECT result FROM shown JOIN result ON result.id = shown.result "
                        "WHERE evidence = ? AND plugin = ? ORDER BY shown.id DESC LIMIT 1"_s,
                        {number(evidence), result.record.pluginId})
                .toLongLong();
        if (shown == known)
            return {};
        change.add(u"shown"_s, {{u"result"_s, known}});
        return change.commit(u"result-shown-again"_s, about);
    }
    const qint64 id =
        change.add(u"result"_s, {{u"evidence"_s, number(evidence)},
                                 {u"key"_s, key},
                                 {u"plugin"_s, result.record.pluginId},
                                 {u"state"_s, runStateName(result.state)},
                                 {u"reason"_s, result.reason.isNull() ? u""_s : result.reason},
                                 {u"record"_s, jsonText(toJson(result.record, true))},
                                 {u"body"_s, toBytes(result.result)}});
    change.add(u"shown"_s, {{u"result"_s, id}});
    return change.commit(u"result-stored"_s, about);
}

std::vector<MethodResult> CaseFile::results(EvidenceId evidence) const
{
    // The newest per method is shown; a cancelled run never hides one that has finished.
    std::vector<qint64> ids;
    {
        auto query =
            m_impl->rows(u"SELECT plugin, result.id, MAX(shown.id + (state <> 'cancelled') * "
                         u"4611686018427387904) "
                         "FROM shown JOIN result ON result.id = shown.result WHERE evidence = ? "
                         "GROUP BY plugin ORDER BY plugin"_s,
                         {number(evidence)});
        while (query && query->next())
            ids.push_back(query->value(1).toLongLong());
    }
    std::vector<MethodResult> results;
    for (const qint64 id : ids) {
        auto query =
            m_impl->rows(u"SELECT state, reason, record, body FROM result WHERE id = ?"_s, {id});
        if (query && query->next())
            results.push_back(resultFrom(*query));
    }
    return results;
}

std::optional<MethodResult> CaseFile::resultByKey(const QString &cacheKey) const
{
    auto query =
        m_impl->rows(u"SELECT state, reason, record, body FROM result WHERE key = ? "
                     "ORDER BY state IN ('done', 'not-applicable') DESC, id DESC LIMIT 1"_s,
                     {cacheKey});
    if (!query || !query->next())
        return std::nullopt;
    return resultFrom(*query);
}

Result<void> CaseFile::saveObservations(EvidenceId evidence, const QString &cacheKey,
                                        const ObservationLog &log)
{
    const QByteArray body = toBytes(log);
    Change change(*m_impl);
    const QVariant last = change.single(
        u"SELECT body FROM observations WHERE key = ? ORDER BY id DESC LIMIT 1"_s, {cacheKey});
    if (last.toByteArray() == body)
        return {};
    change.add(u"observations"_s,
               {{u"evidence"_s, number(evidence)}, {u"key"_s, cacheKey}, {u"body"_s, body}});
    return change.commit(u"observations-stored"_s,
                         {{u"evidence"_s, number(evidence)}, {u"key"_s, cacheKey}});
}

namespace {

std::optional<ObservationLog> logFrom(std::optional<QSqlQuery> query)
{
    if (!query || !query->next())
        return std::nullopt;
    auto log = observationLogFromBytes(query->value(0).toByteArray());
    if (log)
        return std::move(*log);
    qCWarning(lcCase).noquote() << log.error().text();
    return std::nullopt;
}

} // namespace

std::optional<ObservationLog> CaseFile::observations(const QString &cacheKey) const
{
    return logFrom(m_impl->rows(
        u"SELECT body FROM observations WHERE key = ? ORDER BY id DESC LIMIT 1"_s, {cacheKey}));
}

std::optional<ObservationLog> CaseFile::observationsOf(EvidenceId evidence) const
{
    return logFrom(
        m_impl->rows(u"SELECT body FROM observations WHERE evidence = ? ORDER BY id DESC LIMIT 1"_s,
                     {number(evidence)}));
}

} // namespace fw
