// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/case_file.h"

#include "base/json.h"
#include "base/version.h"
#include "casefile/audit_log.h"
#include "casefile/case_impl.h"
#include "casefile/schema.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QUuid>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

// Every blob carries its own seal, so the page-by-page check may be left out where it takes long.
constexpr qint64 kMaxCheckedBytes = qint64(512) << 20;

/// A name beside the target, so that the finished file only needs to be renamed.
QString temporaryBeside(const QString &path)
{
    return path + u'.' + QUuid::createUuid().toString(QUuid::Id128).left(8) + u".part"_s;
}

Result<void> checkTarget(const QString &path)
{
    const QFileInfo info(path);
    if (info.exists())
        return fail(Errc::Unwritable, u"there is a file of this name already"_s, path);
    const QFileInfo folder(info.absolutePath());
    if (!folder.isDir())
        return fail(Errc::NotFound, u"there is no such folder"_s, folder.filePath());
    if (!folder.isWritable())
        return fail(Errc::Unwritable, u"the folder is read-only"_s, folder.filePath());
    return {};
}

/// Brings the bytes to the disk before the name appears; never replaces a file.
Result<void> publish(const QString &temporary, const QString &path)
{
    QFile file(temporary);
    if (!file.open(QIODevice::ReadWrite) || ::fsync(file.handle()) != 0)
        return fail(Errc::Unwritable, u"the disk did not take the case"_s, path);
    file.close();
    if (!file.rename(path))
        return fail(Errc::Unwritable, file.errorString(), path);
    return {};
}

/// Removes a half-made file when what makes it gives up.
class Discard
{
public:
    explicit Discard(QString path)
        : m_path(std::move(path))
    {
    }
    ~Discard() { QFile::remove(m_path); }
    Discard(const Discard &) = delete;
    Discard &operator=(const Discard &) = delete;

private:
    QString m_path;
};

QString loginName()
{
    const QString name = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME"));
    return name.isEmpty() ? u"unknown"_s : name;
}

} // namespace

Result<std::unique_ptr<CaseFile>> CaseFile::create(const QString &path)
{
    const auto target = checkTarget(path);
    if (!target)
        return Failure{target.error()};
    // Made under another name: a program killed here leaves no half case under the wanted one.
    const QString temporary = temporaryBeside(path);
    const Discard discard(temporary);
    {
        auto database = Database::open(temporary, Database::Mode::Create);
        if (!database)
            return Failure{database.error()};
        const auto made = schema::create(database->get());
        if (!made)
            return Failure{made.error()};
        Impl impl{std::move(*database), loginName(), false};
        const auto logged =
            Change(impl).commit(u"case-created"_s, {{u"program"_s, QStringLiteral(FW_VERSION)},
                                                    {u"format"_s, schema::kVersion}});
        if (!logged)
            return Failure{logged.error()};
    }
    const auto published = publish(temporary, path);
    if (!published)
        return Failure{published.error()};
    return open(path);
}

Result<std::unique_ptr<CaseFile>> CaseFile::open(const QString &path, bool readOnly)
{
    const auto header = schema::checkHeader(path);
    if (!header)
        return Failure{header.error()};
    const QFileInfo info(path);
    if (!readOnly && (!info.isWritable() || !QFileInfo(info.absolutePath()).isWritable())) {
        return fail(Errc::Unwritable,
                    u"the case or its folder is read-only; it can be opened for reading only"_s,
                    path);
    }
    auto database =
        Database::open(path, readOnly ? Database::Mode::ReadOnly : Database::Mode::ReadWrite);
    if (!database)
        return Failure{database.error()};
    const auto tables = schema::checkTables(**database);
    if (!tables)
        return Failure{tables.error()};
    if (info.size() <= kMaxCheckedBytes) {
        const auto check = (*database)->single(u"PRAGMA quick_check(1)"_s);
        if (!check)
            return Failure{check.error()};
        if (check->toString() != u"ok"_s)
            return fail(Errc::BadData, u"the case file is damaged: "_s + check->toString(), path);
    }
    auto impl = std::make_unique<Impl>();
    impl->database = std::move(*database);
    impl->actor = loginName();
    impl->readOnly = readOnly;
    return std::unique_ptr<CaseFile>(new CaseFile(std::move(impl)));
}

CaseFile::CaseFile(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
CaseFile::~CaseFile() = default;

QString CaseFile::path() const
{
    return m_impl->database->path();
}

Result<void> CaseFile::saveCopyAs(const QString &path)
{
    const auto target = checkTarget(path);
    if (!target)
        return target;
    const QString temporary = temporaryBeside(path);
    const Discard discard(temporary);
    const auto copied = m_impl->database->run(u"VACUUM INTO ?"_s, {temporary});
    if (!copied) {
        Error error = copied.error();
        error.where = path; // the copy failed, not the case
        return Failure{error};
    }
    return publish(temporary, path);
}

CaseInfo CaseFile::info() const
{
    auto query = m_impl->rows(u"SELECT json FROM info ORDER BY id DESC LIMIT 1"_s);
    if (!query || !query->next())
        return {};
    const auto json = parseJsonObject(query->value(0).toByteArray(), path());
    if (!json)
        qCWarning(lcCase).noquote() << json.error().text();
    return caseInfoFromJson(json.value_or(QJsonObject()));
}

Result<void> CaseFile::setInfo(const CaseInfo &info)
{
    if (info == this->info())
        return {};
    Change change(*m_impl);
    const QJsonObject json = toJson(info);
    change.add(u"info"_s, {{u"json"_s, QString::fromUtf8(canonicalJson(json))}});
    return change.commit(u"info-changed"_s, {{u"info"_s, json}});
}

Result<void> CaseFile::audit(const QString &action, const QJsonObject &detail)
{
    if (detail.contains(auditlog::kStored)) {
        return fail(Errc::Internal,
                    u"the word \"%1\" is kept for the case's own entries"_s.arg(auditlog::kStored));
    }
    return Change(*m_impl).commit(action, detail);
}

std::vector<AuditEntry> CaseFile::auditLog() const
{
    auto entries = auditlog::read(*m_impl->database);
    if (!entries)
        qCWarning(lcCase).noquote() << entries.error().text();
    return std::move(entries).value_or({});
}

AuditCheck CaseFile::verifyAudit() const
{
    return auditlog::verify(*m_impl->database);
}

void CaseFile::setActor(const QString &name)
{
    m_impl->actor = name.isEmpty() ? loginName() : name;
}

} // namespace fw
