// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "run/run_client.h"
#include "window/case_service.h"
#include "work/case_work.h"
#include "work/untitled_cases.h"

#include <QObject>

#include <deque>
#include <memory>
#include <stop_token>
#include <thread>

namespace fw {

/// Wires a case, a clip and an analysis together: opens, runs, stores, exports. Holds no widget, so
/// that tests can drive it; views listen to the ClipModel that it fills.
class ClipSession : public QObject
{
    Q_OBJECT
public:
    /// @param registry  outlives the session.
    ClipSession(PluginRegistry &registry, QString actor, QObject *parent = nullptr);
    ~ClipSession() override;

    ClipModel &model() { return m_model; }
    CaseService &caseService() { return m_case; }
    const CaseInfo &caseInfo() const { return m_info; }
    const std::vector<Evidence> &evidence() const { return m_evidence; }
    QString casePath() const { return m_case.path(); }
    /// A case that the user has not given a name yet lives in the program's own folder.
    bool isUntitled() const;

    /// Opens a clip, a picture or a case. A clip joins the open case, or starts a new one.
    void open(const QString &path);
    void openEvidence(EvidenceId id);
    void newCase();
    /// Goes on in a copy under this name; an untitled original is removed once the copy is open.
    void saveCaseAs(const QString &path);
    void setCaseInfo(const CaseInfo &info);

    void analyse(const std::vector<MethodChoice> &choices);
    void cancel();
    void setPaused(bool paused); ///< of the analysis that goes on; ClipModel::isPaused follows
    void exportReport(const ReportTargets &targets);
    /// Compares files with their recorded hashes and checks the audit chain; answers by message()
    /// or problem().
    void verify();
    bool isExporting() const { return m_exporting; }

    /// Folder of the cases that were never given a name.
    static QString untitledFolder();
    /// Looks for untitled cases that nobody works on; answers by untitledFound().
    void findUntitled();

Q_SIGNALS:
    void caseChanged();                     ///< path, info or list of evidence
    void opening(const QString &path);
    void clipOpened(const QString &path);
    void problem(const fw::Error &error);   ///< to be shown, not modal
    void message(const QString &text);      ///< one line for the status bar
    void reportWritten(const QStringList &paths);
    void untitledFound(const std::vector<fw::UntitledCase> &cases);

private:
    void loadClip(const QString &path, std::optional<EvidenceContents> known);
    void checkRecordedHash();
    void connectRun();
    void connectResults();
    bool runsOnShownClip() const; ///< false: what arrives belongs to a clip that was left
    void showSoon(const MethodResult &result);
    void showNext();
    void whenCaseIsOpen(std::function<void()> then);

    PluginRegistry &m_registry;
    QString m_actor;
    ClipModel m_model;
    CaseService m_case;
    RunClient m_run;
    CaseInfo m_info;
    std::vector<Evidence> m_evidence;
    std::vector<std::function<void()>> m_afterOpening;
    std::vector<MethodChoice> m_choices;
    std::deque<MethodResult> m_arrived; ///< finished, not shown yet
    QString m_requested, m_running;     ///< paths: of the run that was asked for, and that goes on
    std::optional<Evidence> m_recorded; ///< what the case says of the clip that is shown
    quint64 m_openTicket = 0;           ///< answers to older requests are stale
    bool m_exporting = false;
    std::unique_ptr<WorkMark> m_mark; ///< of the untitled case that is open
    QString m_replaced;               ///< an untitled case whose named copy is being opened
    std::jthread m_opener, m_exporter, m_verifier, m_finder;
};

} // namespace fw
