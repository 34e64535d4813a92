// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the main window that wires the view of people to its work.
#include "panels/people/people_panel.h"
#include "player/playback_controller.h"
#include "window/main_window.h"
#include "window/person_service.h"

#include <QDir>
#include <QFileDialog>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace fw {

void MainWindow::connectPeople()
{
    EnrolPage &enrol = m_people->enrolPage();
    connect(&enrol, &EnrolPage::measureRequested, m_persons, &PersonService::measure);
    connect(&enrol, &EnrolPage::removed, m_persons, &PersonService::forget);
    connect(&enrol, &EnrolPage::cancelRequested, m_persons, &PersonService::cancel);
    connect(&enrol, &EnrolPage::enrolRequested, this, [this](const QString &name, const QString &provenance, const QStringList &paths) {
        QString file = name;
        file.replace(QRegularExpression(u"[^\\w.-]+"_s, QRegularExpression::UseUnicodePropertiesOption), u"-"_s);
        QDir().mkpath(personFolder());
        const QString target = QFileDialog::getSaveFileName(this, tr("Save the enrolment"), personFolder() + u'/' + file + u".fwperson"_s,
                                                            tr("Enrolled people (*.fwperson)"));
        if (!target.isEmpty())
            m_persons->enrol(name, provenance, paths, target);
    });
    connect(m_persons, &PersonService::clipChanged, &enrol, &EnrolPage::setClip);
    connect(m_persons, &PersonService::training, &enrol, &EnrolPage::setTraining);
    connect(m_persons, &PersonService::enrolmentFailed, &enrol, &EnrolPage::showProblem);
    connect(m_persons, &PersonService::enrolled, this,
            [this](const std::shared_ptr<const PersonProfile> &profile, const QStringList &advice, const QString &path) {
                m_people->enrolPage().showEnrolled(*profile, advice, path);
                m_people->choose(path);
            });

    connect(m_people, &PeoplePanel::compareRequested, this, [this](const QString &path) {
        const ClipModel &clip = m_session.model();
        std::map<QString, QString> observers;
        const MethodResult *expression = clip.result(u"org.framewitness.expression"_s);
        if (expression) {
            observers = expression->record.inputs;
            observers.emplace(expression->record.pluginId, expression->record.pluginVersion);
        }
        std::vector<double> seconds; // of the ledger: the clock may still be filling
        for (FrameIndex i = 0; i < clip.ledger().count(); ++i)
            seconds.push_back(clip.ledger().seconds(i));
        if (seconds.empty())
            seconds = clip.clock().seconds;
        m_persons->compare(path, clip.observations(), seconds, observers);
    });
    connect(m_persons, &PersonService::compared, m_people, &PeoplePanel::showComparison);
    connect(m_persons, &PersonService::comparisonFailed, m_people, &PeoplePanel::showComparisonProblem);
    connect(m_people, &PeoplePanel::momentRequested, this, [this](double begin) {
        ClipModel &clip = m_session.model();
        const auto first = clip.clock().indexAt(begin);
        if (!first)
            return;
        m_playback->pause();
        clip.setInOut(*first, clip.clock().indexAt(begin + kBehaviourWindowSeconds).value_or(clip.clock().frameCount - 1));
        clip.setPlayhead(*first);
        m_playback->setLooping(true); // between in and out: these ten seconds, until somebody stops them
        m_playback->setSpeed(1.0);
    });
    m_people->setPeople(PersonService::people());
}

} // namespace fw
