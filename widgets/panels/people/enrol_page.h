// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/people/person_comparison.h"

#include <QStringList>
#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTableWidget;

namespace fw {

/// Enrols a person from authentic clips: drop them, see how much of each can be used and whether it
/// is enough, name the person, train. Too little material is refused with what is missing, unless the
/// examiner asks for it all the same. It measures nothing itself: it asks, and is told.
class EnrolPage : public QWidget
{
    Q_OBJECT
public:
    explicit EnrolPage(QWidget *parent = nullptr);

    void addClips(const QStringList &paths); ///< also what a drop does
    const std::vector<EnrolledClip> &clips() const { return m_clips; }
    void setClip(const EnrolledClip &clip);  ///< by path: news of the measuring
    /// 0..1 while the person is trained and tested; below 0: not busy.
    void setTraining(double share);
    void showEnrolled(const PersonProfile &profile, const QStringList &advice, const QString &path);
    void showProblem(const QString &text);

Q_SIGNALS:
    void measureRequested(const QString &path);
    void removed(const QString &path);
    void enrolRequested(const QString &name, const QString &provenance, const QStringList &paths);
    void cancelRequested();

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void refresh();
    void removeChosen();
    void chooseFiles();

    std::vector<EnrolledClip> m_clips;
    QTableWidget *m_table;
    QLineEdit *m_name, *m_provenance;
    QLabel *m_enough, *m_result;
    QCheckBox *m_anyway; ///< shown while the material is too little for a verdict
    QProgressBar *m_progress;
    QPushButton *m_add, *m_remove, *m_enrol, *m_cancel;
    bool m_training = false;
};

} // namespace fw
