// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QTableView;
class QTabWidget;
class QTextBrowser;
class QToolButton;
class QUrl;

namespace fw {

class FindingsFilter;
class FindingsModel;
class ResultTableModel;
class StateStack;

/// The findings of the clip, worst first, with everything that is known of the selected one below.
/// Enter or a double click goes to its place.
class FindingsPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param clip  outlives the panel.
    explicit FindingsPanel(ClipModel &clip, QWidget *parent = nullptr);

    FindingsModel &model() { return *m_model; }

Q_SIGNALS:
    /// The reader wants to know more of a method: show its card.
    void methodCardRequested(const QString &pluginId);

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeList();
    QWidget *makeDetails();
    void updateState();
    void updateCounts();
    void selectFromClip();
    void showDetails();
    void showTable(int number);
    void goToSelected();
    void openLink(const QUrl &link);
    int currentRow() const; ///< of the model, -1 when nothing is selected

    ClipModel &m_clip;
    FindingsModel *m_model;
    FindingsFilter *m_filter;
    ResultTableModel *m_tableModel;
    StateStack *m_state = nullptr;
    QLineEdit *m_search;
    QToolButton *m_verdictButtons[4];
    QListView *m_list;
    QLabel *m_nothing; ///< stands in for the list when the filter lets nothing through
    QTabWidget *m_tabs;
    QTextBrowser *m_about, *m_record;
    QComboBox *m_tableChoice;
    QLabel *m_tableAbout;
    QTableView *m_table;
    QPushButton *m_copy;
};

} // namespace fw
