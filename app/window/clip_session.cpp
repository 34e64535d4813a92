// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/clip_session.h"

#include "base/background.h"
#include "frames/frame_store.h"
#include "work/case_cache.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

#include <tuple>
#include <utility>

using namespace Qt::StringLiterals;

namespace fw {

ClipSession::ClipSession(PluginRegistry &registry, QString actor, QObject *parent)
    : QObject(parent), m_registry(registry), m_actor(std::move(actor)), m_run(registry)
{
    m_model.setManifests(manifestsOf(registry));
    connect(&m_case, &CaseService::failed, this, [this](const Error &error) {
        m_afterOpening.clear(); // a case that did not open has no clip to load
        m_replaced.clear();
        Q_EMIT problem(error);
    });
    connect(&m_case, &CaseService::opened, this, [this](const CaseContents &contents) {
        m_info = contents.info;
        m_evidence = contents.evidence;
        m_mark.reset();
        if (isUntitled())
            m_mark = WorkMark::set(contents.path);
        else if (const QString replaced = std::exchange(m_replaced, {}); !replaced.isEmpty())
            std::ignore = discardCase(replaced); // its named copy is open; what cannot go stays listed
        m_model.setNotes(contents.notes);
        Q_EMIT caseChanged();
        for (const auto &then : std::exchange(m_afterOpening, {}))
            then();
    });
    connect(&m_model, &ClipModel::markNeedsStoring, this, [this](const Mark &mark) {
        m_case.post([mark](CaseFile &file) -> Result<void> {
            const auto marks = file.marks(mark.evidence);
            const bool known = std::any_of(marks.begin(), marks.end(),
                                           [&](const Mark &m) { return m.id == mark.id; });
            if (known)
                return file.changeMark(mark);
            const auto added = file.addMark(mark);
            return added ? Result<void>() : Failure{added.error()};
        });
    });
    connect(&m_model, &ClipModel::noteNeedsStoring, this, [this](const Note &note) {
        m_case.post([note](CaseFile &file) -> Result<void> {
            const auto notes = file.notes();
            const bool known = std::any_of(notes.begin(), notes.end(),
                                           [&](const Note &n) { return n.id == note.id; });
            if (known)
                return file.changeNote(note);
            const auto added = file.addNote(note);
            return added ? Result<void>() : Failure{added.error()};
        });
    });
    connectRun();
}

ClipSession::~ClipSession()
{
    m_run.cancel();
}

QString ClipSession::untitledFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/cases"_s;
}

void ClipSession::findUntitled()
{
    m_finder = std::jthread([this, folder = untitledFolder()](std::stop_token stop) {
        const std::vector<UntitledCase> cases = untitledCases(folder, stop);
        if (!stop.stop_requested())
            QMetaObject::invokeMethod(this, [this, cases] { Q_EMIT untitledFound(cases); });
    });
}

bool ClipSession::isUntitled() const
{
    return !m_case.isOpen() || QFileInfo(m_case.path()).absolutePath() == QDir(untitledFolder()).absolutePath();
}

bool ClipSession::runsOnShownClip() const
{
    return m_model.provider() && m_model.provider()->facts().path == m_running;
}

void ClipSession::connectRun()
{
    connect(&m_run, &RunClient::started, this, [this] {
        m_running = m_requested;
        m_model.setRunning(true);
    });
    connect(&m_run, &RunClient::progressed, this, [this](const RunProgress &progress) {
        if (runsOnShownClip())
            m_model.setProgress(progress);
    });
    connect(&m_run, &RunClient::facesObserved, this,
            [this](FrameIndex first, const std::vector<FaceObservations> &faces) {
                if (runsOnShownClip())
                    m_model.addFaces(first, faces);
            });
    connect(&m_run, &RunClient::failed, this, [this](const Error &error) {
        m_model.setRunning(false, error.code == Errc::Cancelled ? tr("cancelled") : error.text());
        if (error.code != Errc::Cancelled)
            Q_EMIT problem(error);
        else if (runsOnShownClip())
            Q_EMIT message(tr("Analysis cancelled; finished methods are kept"));
    });
    connectResults();
}

void ClipSession::connectResults()
{
    connect(&m_run, &RunClient::factsKnown, this, [this](const MediaFacts &facts) {
        m_case.ask<std::optional<Evidence>>(
            [facts](CaseFile &file) -> std::optional<Evidence> {
                if (!file.addEvidence(facts))
                    return std::nullopt;
                return file.evidenceByHash(facts.sha256Text());
            },
            [this, path = facts.path](std::optional<Evidence> evidence) {
                if (!evidence || !runsOnShownClip() || path != m_running)
                    return;
                m_recorded = evidence;
                m_model.setEvidence(evidence->id);
                const bool isNew = std::none_of(m_evidence.begin(), m_evidence.end(),
                                                [&](const Evidence &e) { return e.id == evidence->id; });
                if (isNew)
                    m_evidence.push_back(*evidence);
                Q_EMIT caseChanged();
            });
    });
    connect(&m_run, &RunClient::methodFinished, this, [this](const MethodResult &result) {
        if (runsOnShownClip())
            showSoon(result);
        // On disk at once: what was finished survives a killed program.
        if (result.record.mediaSha256.isEmpty() || result.state == RunState::Cancelled)
            return;
        m_case.post([result](CaseFile &file) -> Result<void> {
            const auto evidence = file.evidenceByHash(result.record.mediaSha256);
            return evidence ? file.saveResult(evidence->id, result) : Result<void>();
        });
    });
    connect(&m_run, &RunClient::finished, this, [this](const RunOutcome &outcome) {
        m_case.post([outcome](CaseFile &file) -> Result<void> {
            const auto stored = storeOutcome(file, outcome);
            return stored ? Result<void>() : Failure{stored.error()};
        });
        m_model.setRunning(false);
        if (!runsOnShownClip())
            return;
        m_arrived.clear();
        m_model.setLedger(outcome.ledger);
        m_model.setObservations(outcome.observations);
        m_model.setResults(outcome.results);
        Q_EMIT message(outcome.picturesDecoded == 0
                           ? tr("All results were known already; nothing was computed again")
                           : tr("Analysis finished: %1 in %2 s")
                                 .arg(outcome.ledger.count() == 1 ? tr("1 frame")
                                                                  : tr("%1 frames").arg(outcome.ledger.count()))
                                 .arg(outcome.wallSeconds, 0, 'f', 1));
    });
}

void ClipSession::showSoon(const MethodResult &result)
{
    // Methods often finish together. Each result is laid out in many views, so they are shown in one
    // turn of the event loop each: keys and pictures get theirs in between.
    m_arrived.push_back(result);
    if (m_arrived.size() == 1)
        QTimer::singleShot(0, this, &ClipSession::showNext);
}

void ClipSession::showNext()
{
    if (m_arrived.empty() || !runsOnShownClip()) {
        m_arrived.clear();
        return;
    }
    m_model.setResult(m_arrived.front());
    m_arrived.pop_front();
    if (!m_arrived.empty())
        QTimer::singleShot(0, this, &ClipSession::showNext);
}

void ClipSession::whenCaseIsOpen(std::function<void()> then)
{
    if (m_case.isOpen()) {
        then();
        return;
    }
    const bool already = !m_afterOpening.empty();
    m_afterOpening.push_back(std::move(then));
    if (already)
        return;
    if (!QDir().mkpath(untitledFolder())) {
        m_afterOpening.clear();
        Q_EMIT problem({Errc::Unwritable, tr("the folder for cases cannot be made"), untitledFolder()});
        return;
    }
    const QString name = QDateTime::currentDateTime().toString(u"yyyy-MM-dd hh.mm.ss.zzz"_s);
    m_case.create(untitledFolder() + u"/Case %1.fwcase"_s.arg(name), m_actor);
}

void ClipSession::open(const QString &path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (absolute.endsWith(u".fwcase"_s, Qt::CaseInsensitive)) {
        m_run.cancel();
        m_model.setProvider(nullptr, std::nullopt);
        m_afterOpening.push_back([this] {
            if (!m_evidence.empty())
                openEvidence(m_evidence.front().id);
        });
        m_case.open(absolute, m_actor);
        return;
    }
    whenCaseIsOpen([this, absolute] { loadClip(absolute, std::nullopt); });
}

void ClipSession::openEvidence(EvidenceId id)
{
    const auto it = std::find_if(m_evidence.begin(), m_evidence.end(),
                                 [id](const Evidence &e) { return e.id == id; });
    if (it == m_evidence.end())
        return;
    m_case.ask<EvidenceContents>([evidence = *it](CaseFile &file) { return CaseService::contentsOf(file, evidence); },
                                 [this](EvidenceContents contents) {
                                     const QString path = contents.evidence.lastPath;
                                     loadClip(path, std::move(contents));
                                 });
}

void ClipSession::newCase()
{
    m_run.cancel();
    m_model.setProvider(nullptr, std::nullopt);
    const QString name = QDateTime::currentDateTime().toString(u"yyyy-MM-dd hh.mm.ss.zzz"_s);
    QDir().mkpath(untitledFolder());
    m_case.create(untitledFolder() + u"/Case %1.fwcase"_s.arg(name), m_actor);
}

void ClipSession::loadClip(const QString &path, std::optional<EvidenceContents> known)
{
    m_run.cancel();
    Q_EMIT opening(path);
    const quint64 ticket = ++m_openTicket;
    // Probing can wait for a slow disk, so it has a thread of its own.
    m_opener = std::jthread([this, path, ticket, known = std::move(known)]() mutable {
        auto store = FrameStore::open(path, {});
        auto shared = std::make_shared<Result<std::unique_ptr<FrameStore>>>(std::move(store));
        if (*shared)
            (**shared)->moveToThread(thread());
        QMetaObject::invokeMethod(this, [this, shared, path, ticket, known = std::move(known)] {
            if (ticket != m_openTicket)
                return;
            if (!*shared) {
                Q_EMIT problem(shared->error());
                return;
            }
            std::shared_ptr<FrameProvider> provider(std::move(**shared));
            m_model.setProvider(provider, known ? std::optional(known->evidence.id) : std::nullopt);
            m_recorded = known ? std::optional(known->evidence) : std::nullopt;
            connect(provider.get(), &FrameProvider::factsChanged, this, &ClipSession::checkRecordedHash);
            if (known) {
                m_model.setLedger(known->ledger);
                m_model.setObservations(known->observations);
                m_model.setMarks(known->marks);
                m_model.setResults(known->results);
            }
            Q_EMIT clipOpened(path);
            checkRecordedHash();
            if (!known || known->results.empty())
                analyse(m_choices.empty() ? defaultMethods(m_registry) : m_choices);
        });
    });
}

void ClipSession::checkRecordedHash()
{
    if (!m_recorded || !m_model.provider() || !m_model.provider()->facts().hashed)
        return;
    const MediaFacts &now = m_model.provider()->facts();
    if (now.sha256Text() != m_recorded->facts.sha256Text()) {
        Q_EMIT problem({Errc::Mismatch,
                        tr("the file has changed since it was added to the case; results shown belong "
                           "to the recorded bytes (SHA-256 %1…)").arg(m_recorded->facts.sha256Text().left(16)),
                        now.path});
    }
}

void ClipSession::analyse(const std::vector<MethodChoice> &choices)
{
    if (!m_model.provider() || choices.empty())
        return;
    m_choices = choices;
    RunRequest request;
    request.path = m_model.provider()->facts().path;
    request.methods = choices;
    m_requested = request.path;
    m_model.setProgress({});
    m_run.start(request, std::make_shared<CaseCache>(m_case.path()));
}

void ClipSession::cancel()
{
    m_run.cancel();
}

void ClipSession::setPaused(bool paused)
{
    m_run.setPaused(paused);
}

void ClipSession::setCaseInfo(const CaseInfo &info)
{
    whenCaseIsOpen([this, info] {
        m_info = info;
        m_case.post([info](CaseFile &file) { return file.setInfo(info); });
        Q_EMIT caseChanged();
    });
}

void ClipSession::saveCaseAs(const QString &path)
{
    m_case.ask<Result<void>>([path](CaseFile &file) { return file.saveCopyAs(path); },
                             [this, path](Result<void> saved) {
                                 if (!saved) {
                                     Q_EMIT problem(saved.error());
                                     return;
                                 }
                                 m_replaced = isUntitled() ? casePath() : QString();
                                 open(path);
                             });
}

void ClipSession::exportReport(const ReportTargets &targets)
{
    if (m_exporting || !m_case.isOpen())
        return;
    m_exporting = true;
    Q_EMIT message(tr("Writing the report…"));
    // Everything posted before must be in the file before the exporter reads it.
    m_case.ask<QString>([](CaseFile &file) { return file.path(); }, [this, targets](QString casePath) {
        m_exporter = std::jthread([this, targets, casePath, manifests = manifestsOf(m_registry)](std::stop_token stop) {
            runInBackground();
            const auto written = [&]() -> Result<std::vector<WrittenReport>> {
                const auto file = CaseFile::open(casePath, true);
                if (!file)
                    return Failure{file.error()};
                const auto data = collectReport(**file, manifests, {true, stop});
                if (!data)
                    return Failure{data.error()};
                return writeReports(*data, targets, {stop, {}});
            }();
            QMetaObject::invokeMethod(this, [this, written] {
                m_exporting = false;
                if (!written) {
                    Q_EMIT problem(written.error());
                    return;
                }
                m_case.post([reports = *written](CaseFile &file) { return auditReports(file, reports); });
                QStringList paths;
                for (const WrittenReport &report : *written)
                    paths << report.path;
                Q_EMIT reportWritten(paths);
            });
        });
    });
}

void ClipSession::verify()
{
    Q_EMIT message(tr("Reading the evidence again…"));
    m_case.ask<QString>([](CaseFile &file) { return file.path(); }, [this](QString casePath) {
        m_verifier = std::jthread([this, casePath](std::stop_token stop) {
            runInBackground();
            QStringList problems;
            qsizetype files = 0;
            const auto file = CaseFile::open(casePath, true);
            if (file) {
                for (const EvidenceCheck &check : checkEvidence(**file, stop)) {
                    ++files;
                    if (!check.problem.isEmpty())
                        problems << check.evidence.facts.fileName + u": "_s + check.problem;
                }
                if (const AuditCheck audit = (*file)->verifyAudit(); !audit.intact)
                    problems << tr("audit log: ") + audit.problem;
            } else {
                problems << file.error().text();
            }
            if (stop.stop_requested())
                return;
            QMetaObject::invokeMethod(this, [this, problems, files] {
                if (problems.isEmpty())
                    Q_EMIT message(tr("Verified: %n file(s) and the audit log are as recorded", nullptr, int(files)));
                else
                    Q_EMIT problem({Errc::Mismatch, problems.join(u"; "_s), tr("verification")});
            });
        });
    });
}

} // namespace fw
