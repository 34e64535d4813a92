// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/history/coding_history.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QTableView;

namespace fw {

class HistoryView;
class ResultTableModel;
class StateStack;

/// The making of a clip as its coding tells it: lanes on one clock, what the traces say, and the
/// groups of pictures. Enter or a double click on a row goes to its frame.
class HistoryPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit HistoryPanel(ClipModel &clip, QWidget *parent = nullptr);

    ResultTableModel &groups() { return *m_groups; }
    ResultTableModel &claims() { return *m_claims; }
    HistoryView &view() { return *m_view; }
    QCheckBox &motionBox() { return *m_motion; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void showMotionState();
    QTableView *tableOf(ResultTableModel *model, const QString &name);

    ClipModel &m_clip;
    HistoryView *m_view;
    ResultTableModel *m_groups, *m_claims;
    std::vector<HistoryClaim> m_shown; ///< rows of m_claims
    QTableView *m_claimView;
    QCheckBox *m_motion; ///< shows the layer of coded motion
    StateStack *m_state;
    QTimer m_soon; ///< many changes a second become one update
};

} // namespace fw
