// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/people/people_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

PeoplePanel::PeoplePanel(ClipModel &clip, QWidget *parent)
    : QWidget(parent), m_clip(clip), m_enrol(new EnrolPage), m_compare(new ComparePage), m_tabs(new QTabWidget)
{
    setAccessibleName(tr("People"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_compare, tr("Compare"));
    m_tabs->addTab(m_enrol, tr("Enrol"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tabs);
    connect(m_compare, &ComparePage::personChosen, this, &PeoplePanel::choose);
    connect(m_compare, &ComparePage::momentRequested, this, &PeoplePanel::momentRequested);
    connect(m_compare, &ComparePage::otherFileRequested, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("An enrolled person"), {}, tr("Enrolled people (*.fwperson)"));
        if (!path.isEmpty())
            choose(path);
    });
    const auto stale = [this] {
        m_stale = true;
        refresh();
    };
    for (const auto signal : {&ClipModel::clipChanged, &ClipModel::runningChanged, &ClipModel::resultsChanged,
                              &ClipModel::ledgerChanged})
        connect(&clip, signal, this, stale);
    refresh();
}

void PeoplePanel::setPeople(const QStringList &people)
{
    m_people = people;
    if (!m_chosen.isEmpty() && !m_people.contains(m_chosen))
        m_people.append(m_chosen);
    if (m_chosen.isEmpty() && !m_people.isEmpty())
        m_chosen = m_people.front();
    m_compare->setPeople(m_people, m_chosen);
    m_stale = true;
    refresh();
}

void PeoplePanel::choose(const QString &path)
{
    m_chosen = path;
    if (!m_people.contains(path))
        m_people.append(path);
    m_compare->setPeople(m_people, path);
    m_stale = true;
    refresh();
}

void PeoplePanel::refresh()
{
    if (m_chosen.isEmpty())
        return m_compare->showMessage(tr("Nobody is enrolled"), tr("Enrol a person on the next page from authentic clips, or choose a file (*.fwperson)."));
    if (!m_clip.provider())
        return m_compare->showMessage(tr("No file is open"), tr("Open the clip that is to be compared with %1.").arg(QFileInfo(m_chosen).completeBaseName()));
    if (m_clip.isRunning())
        return m_compare->showMessage(tr("Being measured"), tr("The comparison starts when the analysis has ended."));
    const auto &faces = m_clip.observations().faces;
    const bool measured = std::ranges::any_of(faces, [](const auto &frame) {
        return frame && std::ranges::any_of(*frame, [](const FaceObservation &f) { return f.actionUnits.has_value(); });
    });
    if (!measured)
        return m_compare->showMessage(tr("Not measured yet"), tr("Run “Expression” or “Person of interest” (tick it under Methods, then press F5)."));
    if (!m_stale)
        return;
    m_stale = false;
    m_compare->showMessage(tr("Comparing"), tr("The movements of this clip are compared with those of %1.").arg(QFileInfo(m_chosen).completeBaseName()));
    Q_EMIT compareRequested(m_chosen);
}

void PeoplePanel::showComparison(std::shared_ptr<const PersonComparison> comparison)
{
    if (comparison->path != m_chosen)
        return; // another person was chosen meanwhile
    if (comparison->test.scores.empty())
        return m_compare->showMessage(tr("Nothing to compare"), tr("No face of this clip could be measured for ten seconds without a gap."));
    m_compare->showComparison(std::move(comparison));
}

void PeoplePanel::showComparisonProblem(const QString &path, const QString &why)
{
    if (path == m_chosen)
        m_compare->showMessage(tr("Cannot be compared"), why);
}

} // namespace fw
