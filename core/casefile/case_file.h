// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "casefile/case_info.h"
#include "findings/observation_log.h"
#include "findings/run_record.h"
#include "media/ledger.h"
#include "media/media_facts.h"

#include <QDateTime>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace fw {

enum class EvidenceId : qint64 {};
enum class MarkId : qint64 {};
enum class NoteId : qint64 {};

struct Evidence
{
    EvidenceId id{};
    MediaFacts facts;   ///< as recorded at intake, hashes included
    QDateTime added;    ///< UTC
    QString lastPath;   ///< where the same bytes were last added from; facts.path at first
};

/// A marked place on the timeline.
struct Mark
{
    MarkId id{};
    EvidenceId evidence{};
    FrameRange range; ///< one frame: [i, i + 1)
    QString label;
    QString color;    ///< "#rrggbb"
    bool removed = false;
};

/// A note of the examiner. Text is never overwritten: a correction is a new version of the note.
struct Note
{
    NoteId id{};
    std::optional<EvidenceId> evidence;
    std::optional<FrameIndex> frame;
    std::optional<QString> findingId; ///< "pluginId/findingId"
    QString text;
    QString author;
    QDateTime written;           ///< UTC, of this version
    std::vector<QString> earlier; ///< texts it replaced, oldest first
    bool removed = false;        ///< struck through in the report, never deleted
};

struct AuditEntry
{
    qint64 sequence = 0;
    QDateTime time; ///< UTC
    QString actor;
    QString action; ///< stable word, "evidence-added"
    QJsonObject detail;
    QString hash;   ///< SHA-256 over the previous hash and this entry
};

struct AuditCheck
{
    bool intact = false;
    qint64 entries = 0;
    QString headHash;
    QString problem; ///< empty when intact
};

/// One case = one SQLite file. What was recorded is never overwritten: results, notes and marks are
/// added, changed by newer versions and struck through. Every change is one transaction together
/// with its entry in the audit log, so a killed program leaves a case that opens.
/// Use one object from one thread; several processes may read.
class CaseFile
{
public:
    static Result<std::unique_ptr<CaseFile>> create(const QString &path);
    /// Checks format version and integrity; a newer format or a damaged file is refused in words.
    static Result<std::unique_ptr<CaseFile>> open(const QString &path, bool readOnly = false);
    ~CaseFile();
    CaseFile(const CaseFile &) = delete;
    CaseFile &operator=(const CaseFile &) = delete;

    QString path() const;
    /// Copies the case to another file that does not exist yet (complete and consistent).
    Result<void> saveCopyAs(const QString &path);

    CaseInfo info() const;
    Result<void> setInfo(const CaseInfo &info);

    /// Adds a file, or finds it again by its SHA-256. Facts must be hashed.
    Result<EvidenceId> addEvidence(const MediaFacts &facts);
    std::vector<Evidence> evidence() const;
    std::optional<Evidence> evidenceByHash(const QString &sha256) const;

    Result<void> saveLedger(EvidenceId evidence, const Ledger &ledger);
    std::optional<Ledger> ledger(EvidenceId evidence) const;

    /// Stores a result under its cache key; an equal key replaces nothing and is ignored when the
    /// stored state is Done or NotApplicable (the newest of failed tries is kept otherwise).
    Result<void> saveResult(EvidenceId evidence, const MethodResult &result);
    /// What was saved last per plugin, by plugin id (saving an equal result again counts; a
    /// cancelled run never hides a finished one). A damaged result appears as Failed, in words.
    std::vector<MethodResult> results(EvidenceId evidence) const;
    std::optional<MethodResult> resultByKey(const QString &cacheKey) const;
    Result<void> saveObservations(EvidenceId evidence, const QString &cacheKey, const ObservationLog &log);
    std::optional<ObservationLog> observations(const QString &cacheKey) const;
    std::optional<ObservationLog> observationsOf(EvidenceId evidence) const; ///< newest

    /// A mark's number counts within its evidence, a note's within the case. Zero: the case assigns
    /// the next; a number that is in use is refused with Errc::Mismatch.
    Result<MarkId> addMark(const Mark &mark);
    Result<void> changeMark(const Mark &mark); ///< also sets and clears `removed`
    std::vector<Mark> marks(EvidenceId evidence) const; ///< removed ones included

    Result<NoteId> addNote(const Note &note);
    Result<void> changeNote(const Note &note); ///< new text becomes a new version
    std::vector<Note> notes() const;           ///< removed ones included

    /// Records something that is not stored elsewhere ("report-exported", "verified").
    Result<void> audit(const QString &action, const QJsonObject &detail);
    std::vector<AuditEntry> auditLog() const;
    /// Walks the chain and compares every stored row with what the log recorded of it. Entries cut
    /// off at the end together with their rows can only be noticed by a head hash noted elsewhere,
    /// which is why reports print it.
    AuditCheck verifyAudit() const;

    void setActor(const QString &name); ///< who is written into the audit log from now on

private:
    friend class Change;
    struct Impl;
    explicit CaseFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
