// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "panels/people/compare_page.h"
#include "panels/people/enrol_page.h"

class QTabWidget;

namespace fw {

/// Enrolled people: compare the open clip with one, or enrol another.
class PeoplePanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit PeoplePanel(ClipModel &clip, QWidget *parent = nullptr);

    EnrolPage &enrolPage() { return *m_enrol; }
    ComparePage &comparePage() { return *m_compare; }
    /// Files of enrolled people; chooses one when none is chosen.
    void setPeople(const QStringList &people);
    void choose(const QString &path);
    void showComparison(std::shared_ptr<const PersonComparison> comparison);
    void showComparisonProblem(const QString &path, const QString &why);

Q_SIGNALS:
    /// The open clip's observations against this file; they are copied by the receiver.
    void compareRequested(const QString &path);
    void momentRequested(double beginSeconds);

private:
    void refresh();

    ClipModel &m_clip;
    EnrolPage *m_enrol;
    ComparePage *m_compare;
    QTabWidget *m_tabs;
    QStringList m_people;
    QString m_chosen;
    bool m_stale = true;
};

} // namespace fw
