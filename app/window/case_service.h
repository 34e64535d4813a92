// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"

#include <QObject>
#include <QThread>

#include <functional>
#include <memory>

namespace fw {

/// Everything the case knows of one piece of evidence.
struct EvidenceContents
{
    Evidence evidence;
    Ledger ledger;
    std::vector<MethodResult> results;
    ObservationLog observations;
    std::vector<Mark> marks;
};

/// What a view shows of an opened case before any clip is loaded.
struct CaseContents
{
    QString path;
    CaseInfo info;
    std::vector<Evidence> evidence;
    std::vector<Note> notes;
};

/// Owns the case file in a thread of its own, so that the interface never waits for the disk.
/// Every change is on disk when its transaction ends: there is nothing to save on exit.
class CaseService : public QObject
{
    Q_OBJECT
public:
    explicit CaseService(QObject *parent = nullptr);
    ~CaseService() override; ///< waits for what was posted

    void create(const QString &path, const QString &actor);
    void open(const QString &path, const QString &actor);
    bool isOpen() const { return !m_path.isEmpty(); }
    QString path() const { return m_path; }

    /// Runs `work` on the case in its thread; a failure comes as failed(). Order is kept.
    void post(std::function<Result<void>(CaseFile &)> work);

    /// Runs `question` in the case's thread and hands its answer to `then` in this object's thread.
    template <class Answer>
    void ask(std::function<Answer(CaseFile &)> question, std::function<void(Answer)> then)
    {
        post([this, question = std::move(question), then = std::move(then)](CaseFile &file) -> Result<void> {
            auto answer = std::make_shared<Answer>(question(file));
            QMetaObject::invokeMethod(this, [answer, then] { then(std::move(*answer)); });
            return {};
        });
    }

    static EvidenceContents contentsOf(const CaseFile &file, const Evidence &evidence);

Q_SIGNALS:
    void opened(const fw::CaseContents &contents);
    void failed(const fw::Error &error);

private:
    void start(std::function<Result<std::unique_ptr<CaseFile>>()> opener, const QString &actor);

    QThread m_thread;
    QObject m_worker;                 ///< lives in m_thread; carries posted work
    std::shared_ptr<CaseFile> m_file; ///< touched in m_thread only
    QString m_path;
};

} // namespace fw
