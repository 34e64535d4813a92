// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/people/person_comparison.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QTableWidget;

namespace fw {

class CorrelationMatrix;
class PersonMap;
class StateStack;

/// Compares the clip that is open with one enrolled person: card, matrix, pairs that differ, map.
class ComparePage : public QWidget
{
    Q_OBJECT
public:
    explicit ComparePage(QWidget *parent = nullptr);

    /// @param people  files; the chosen one stays chosen.
    void setPeople(const QStringList &people, const QString &chosen);
    QString person() const; ///< empty: none
    void showComparison(std::shared_ptr<const PersonComparison> comparison);
    void showMessage(const QString &title, const QString &text);
    CorrelationMatrix &matrix() { return *m_matrix; }
    PersonMap &map() { return *m_map; }

Q_SIGNALS:
    void personChosen(const QString &path);
    void otherFileRequested();
    /// Ten seconds of the clip that is open, from here.
    void momentRequested(double beginSeconds);

private:
    void fillTable();
    void choosePair(std::size_t pair);
    QString cardText() const;

    std::shared_ptr<const PersonComparison> m_comparison;
    QComboBox *m_people;
    QLabel *m_card;
    QCheckBox *m_z;
    CorrelationMatrix *m_matrix;
    QTableWidget *m_pairs;
    PersonMap *m_map;
    StateStack *m_state;
};

} // namespace fw
