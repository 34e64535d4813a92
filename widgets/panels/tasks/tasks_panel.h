// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QAbstractTableModel>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace fw {

class StateStack;

/// The methods of the run, one row each: name, progress, state in words.
class TasksModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { MethodColumn, ProgressColumn, StateColumn, ColumnCount };
    enum Role { PercentRole = Qt::UserRole }; ///< 0..100; invalid when there is nothing to count

    explicit TasksModel(ClipModel &clip, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void refresh();
    QString stateText(const MethodProgress &progress) const;

    ClipModel &m_clip;
    std::vector<MethodProgress> m_rows;
};

/// What runs, how far it is, how fast and how long it will take; Pause and Cancel.
class TasksPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit TasksPanel(ClipModel &clip, QWidget *parent = nullptr);

Q_SIGNALS:
    void cancelRequested();
    void pauseRequested(bool pause); ///< false: go on

private:
    void refresh();

    ClipModel &m_clip;
    TasksModel *m_model;
    StateStack *m_state;
    QProgressBar *m_total;
    QLabel *m_summary;
    QPushButton *m_pause;
    QPushButton *m_cancel;
    QTableView *m_table;
};

/// "1 min 20 s" for what is left; seconds below a minute.
QString durationText(double seconds);

} // namespace fw
