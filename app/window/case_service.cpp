// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/case_service.h"

using namespace Qt::StringLiterals;

namespace fw {

CaseService::CaseService(QObject *parent) : QObject(parent)
{
    m_thread.setObjectName(u"case file"_s);
    m_worker.moveToThread(&m_thread);
    m_thread.start();
}

CaseService::~CaseService()
{
    QMetaObject::invokeMethod(&m_worker, [this] { m_file.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void CaseService::create(const QString &path, const QString &actor)
{
    start([path] { return CaseFile::create(path); }, actor);
}

void CaseService::open(const QString &path, const QString &actor)
{
    start([path] { return CaseFile::open(path); }, actor);
}

void CaseService::start(std::function<Result<std::unique_ptr<CaseFile>>()> opener, const QString &actor)
{
    QMetaObject::invokeMethod(&m_worker, [this, opener = std::move(opener), actor] {
        auto file = opener();
        if (!file) {
            QMetaObject::invokeMethod(this, [this, error = file.error()] { Q_EMIT failed(error); });
            return;
        }
        m_file = std::move(*file);
        m_file->setActor(actor);
        CaseContents contents{m_file->path(), m_file->info(), m_file->evidence(), m_file->notes()};
        QMetaObject::invokeMethod(this, [this, contents = std::move(contents)] {
            m_path = contents.path;
            Q_EMIT opened(contents);
        });
    });
}

void CaseService::post(std::function<Result<void>(CaseFile &)> work)
{
    QMetaObject::invokeMethod(&m_worker, [this, work = std::move(work)] {
        const Result<void> done = m_file ? work(*m_file)
                                         : fail(Errc::NotFound, u"no case is open"_s);
        if (!done)
            QMetaObject::invokeMethod(this, [this, error = done.error()] { Q_EMIT failed(error); });
    });
}

EvidenceContents CaseService::contentsOf(const CaseFile &file, const Evidence &evidence)
{
    return {evidence, file.ledger(evidence.id).value_or(Ledger{}), file.results(evidence.id),
            file.observationsOf(evidence.id).value_or(ObservationLog{}), file.marks(evidence.id)};
}

} // namespace fw
