// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/case_impl.h"

#include "casefile/audit_log.h"

using namespace Qt::StringLiterals;

namespace fw {

Q_LOGGING_CATEGORY(lcCase, "fw.case")

std::optional<QSqlQuery> CaseFile::Impl::rows(const QString &sql, const QVariantList &values) const
{
    auto query = database->run(sql, values);
    if (query)
        return std::move(*query);
    qCWarning(lcCase).noquote() << query.error().text();
    return std::nullopt;
}

Change::Change(CaseFile::Impl &impl)
    : m_impl(impl)
    , m_transaction(impl.database.get())
{
    m_state = m_transaction.begun();
    if (impl.readOnly) {
        m_state = fail(Errc::Unwritable, u"this case was opened for reading only"_s,
                       impl.database->path());
    }
}

qint64 Change::add(const QString &table, const QVariantMap &columns)
{
    if (!m_state)
        return 0;
    const QStringList names = columns.keys();
    const QStringList marks(names.size(), u"?"_s);
    const auto id = m_impl.database->insert(
        u"INSERT INTO %1 (%2) VALUES (%3)"_s.arg(table, names.join(u", "_s), marks.join(u", "_s)),
        columns.values());
    if (!id) {
        refuse(Failure{id.error()});
        return 0;
    }
    const auto hash = auditlog::rowHash(*m_impl.database, table, *id);
    if (!hash) {
        refuse(Failure{hash.error()});
        return 0;
    }
    m_stored.append(QJsonObject{{u"table"_s, table}, {u"row"_s, *id}, {u"sha256"_s, *hash}});
    return *id;
}

QVariant Change::single(const QString &sql, const QVariantList &values)
{
    if (!m_state)
        return {};
    const auto value = m_impl.database->single(sql, values);
    if (!value)
        refuse(Failure{value.error()});
    return value.value_or(QVariant());
}

void Change::refuse(const Failure &failure)
{
    if (m_state)
        m_state = failure;
}

Result<void> Change::commit(const QString &action, QJsonObject detail)
{
    if (!m_state)
        return m_state;
    if (!m_stored.isEmpty())
        detail.insert(auditlog::kStored, m_stored);
    const auto logged = auditlog::append(m_impl.database.get(), m_impl.actor, action, detail);
    if (!logged)
        return logged;
    return m_transaction.commit();
}

} // namespace fw
