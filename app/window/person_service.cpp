// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/person_service.h"

#include "base/background.h"
#include "behaviour/person_file.h"
#include "work/person_map_work.h"

#include <QDir>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

using State = EnrolledClip::State;

PersonService::PersonService(PluginRegistry &registry, QObject *parent) : QObject(parent), m_registry(registry) {}

PersonService::~PersonService()
{
    for (std::jthread *thread : {&m_measurer, &m_trainer, &m_comparer})
        thread->request_stop();
    for (std::jthread *thread : {&m_measurer, &m_trainer, &m_comparer}) {
        if (thread->joinable())
            thread->join();
    }
}

QStringList PersonService::people()
{
    const QDir folder(personFolder());
    QStringList paths;
    for (const QString &name : folder.entryList({u"*.fwperson"_s}, QDir::Files, QDir::Name))
        paths << folder.filePath(name);
    return paths;
}

void PersonService::measure(const QString &path)
{
    if (const auto known = m_clips.find(path); known != m_clips.end()) {
        Q_EMIT clipChanged({path, State::Measured, 1.0, recordingOf(*known->second).usableSeconds, {}});
        return;
    }
    m_waiting.push_back(path);
    measureNext();
}

void PersonService::forget(const QString &path)
{
    std::erase(m_waiting, path);
    m_clips.erase(path);
    if (m_measuring == path)
        m_measurer.request_stop();
}

void PersonService::measureNext()
{
    if (!m_measuring.isEmpty() || m_waiting.empty())
        return;
    const QString path = m_measuring = m_waiting.front();
    m_waiting.pop_front();
    m_measurer = std::jthread([this, path](std::stop_token stop) { // the one before has ended
        runInBackground();
        int told = -1;
        const auto clip = observePerson(m_registry, path, stop, [&](double share) {
            if (int(100.0 * share) == told)
                return;
            told = int(100.0 * share);
            QMetaObject::invokeMethod(this, [this, path, share] { Q_EMIT clipChanged({path, State::Measuring, share, 0.0, {}}); });
        });
        const double usable = clip ? recordingOf(*clip).usableSeconds : 0.0;
        QMetaObject::invokeMethod(this, [this, path, clip, usable] {
            m_measuring.clear();
            if (clip) {
                m_clips[path] = std::make_shared<const PersonClip>(*clip);
                Q_EMIT clipChanged({path, State::Measured, 1.0, usable, {}});
            } else {
                Q_EMIT clipChanged({path, State::Refused, 0.0, 0.0, clip.error().code == Errc::Cancelled ? tr("stopped") : clip.error().what});
            }
            measureNext();
        });
    });
}

void PersonService::enrol(const QString &name, const QString &provenance, const QStringList &paths, const QString &target)
{
    std::vector<PersonClip> clips;
    for (const QString &path : paths) {
        if (const auto known = m_clips.find(path); known != m_clips.end())
            clips.push_back(*known->second);
    }
    Q_EMIT training(0.0);
    m_trainer = std::jthread([this, name, provenance, clips = std::move(clips), target](std::stop_token stop) {
        runInBackground();
        auto cohort = shippedCohort();
        auto profile = enrolPerson(name, provenance, clips, cohort ? std::move(*cohort) : BehaviourCohort{}, stop, [this](double share) {
            QMetaObject::invokeMethod(this, [this, share] { Q_EMIT training(share); });
        });
        auto written = profile ? writePersonFile(*profile, target) : Result<void>(Failure{profile.error()});
        QMetaObject::invokeMethod(this, [this, profile, written, target] {
            Q_EMIT training(-1.0);
            if (written)
                Q_EMIT enrolled(std::make_shared<const PersonProfile>(*profile), enrolmentAdvice(*profile), target);
            else
                Q_EMIT enrolmentFailed(written.error().text());
        });
    });
}

void PersonService::cancel()
{
    for (const QString &path : std::exchange(m_waiting, {}))
        Q_EMIT clipChanged({path, State::Refused, 0.0, 0.0, tr("stopped")});
    m_measurer.request_stop();
    m_trainer.request_stop();
}

void PersonService::compare(const QString &person, const ObservationLog &log, const std::vector<double> &seconds,
                            const std::map<QString, QString> &observers)
{
    const quint64 ticket = ++m_ticket;
    auto before = std::make_shared<std::jthread>(std::move(m_comparer));
    before->request_stop();
    m_comparer = std::jthread([this, person, log, seconds, observers, ticket, before](std::stop_token stop) {
        runInBackground();
        if (before->joinable())
            before->join();
        const auto result = comparePerson(person, log, seconds, observers, stop);
        QMetaObject::invokeMethod(this, [this, result, person, ticket] {
            if (ticket != m_ticket)
                return; // a newer one was asked for
            if (result)
                Q_EMIT compared(*result);
            else
                Q_EMIT comparisonFailed(person, result.error().what);
        });
    });
}

} // namespace fw
