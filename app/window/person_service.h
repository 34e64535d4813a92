// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/people/person_comparison.h"
#include "run/plugin_registry.h"
#include "work/person_work.h"

#include <QObject>

#include <deque>
#include <map>
#include <thread>

namespace fw {

/// Does the work behind the view of people in threads of its own: measures clips for an enrolment
/// one after the other, trains, compares. Calls return at once; answers come as signals.
class PersonService : public QObject
{
    Q_OBJECT
public:
    /// @param registry  outlives the service.
    explicit PersonService(PluginRegistry &registry, QObject *parent = nullptr);
    ~PersonService() override; ///< stops and waits

    void measure(const QString &path);
    void forget(const QString &path);
    /// Trains on clips that were measured and writes the file.
    void enrol(const QString &name, const QString &provenance, const QStringList &paths, const QString &target);
    /// Stops measuring and training; what is measured stays.
    void cancel();
    /// A comparison that goes on is dropped for the new one.
    void compare(const QString &person, const ObservationLog &log, const std::vector<double> &seconds,
                 const std::map<QString, QString> &observers);
    /// Enrolments in the program's folder.
    static QStringList people();

Q_SIGNALS:
    void clipChanged(const fw::EnrolledClip &clip);
    void training(double share); ///< below 0: ended without a result
    void enrolled(std::shared_ptr<const fw::PersonProfile> profile, const QStringList &advice, const QString &path);
    void enrolmentFailed(const QString &why);
    void compared(std::shared_ptr<const fw::PersonComparison> comparison);
    void comparisonFailed(const QString &person, const QString &why);

private:
    void measureNext();

    PluginRegistry &m_registry;
    std::deque<QString> m_waiting;
    QString m_measuring;
    std::map<QString, std::shared_ptr<const PersonClip>> m_clips;
    quint64 m_ticket = 0; ///< of the newest comparison
    std::jthread m_measurer, m_trainer, m_comparer;
};

} // namespace fw
