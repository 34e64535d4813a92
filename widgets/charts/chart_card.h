// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "charts/trace_catalog.h"

#include <QWidget>

#include <vector>

class QLabel;
class QToolButton;

namespace fw {

class TraceChart;
class FlowLayout;

/// One chart with its title, its curves to switch on and off, and its menu.
class ChartCard : public QWidget
{
    Q_OBJECT
public:
    explicit ChartCard(ClipModel &model, QWidget *parent = nullptr);

    void setGroup(const ChartGroup &group);
    /// The model moved its results: the same curves as before, elsewhere. False when they are others.
    bool follow(const ChartGroup &group);
    const QString &key() const { return m_group.key; }
    TraceChart *chart() const { return m_chart; }
    QToolButton *legendButton(std::size_t index) const { return m_legend[index]; }
    /// Saves the curves that are switched on, over the whole clip.
    Result<void> saveTo(const QString &path) const;

Q_SIGNALS:
    void hideRequested(const QString &key);

protected:
    void changeEvent(QEvent *event) override;

private:
    void buildLegend();
    void refreshLegendIcons();
    void askWhereToSave(const QString &ending, const QString &filter);

    ClipModel &m_model;
    ChartGroup m_group;
    TraceChart *m_chart;
    QLabel *m_title, *m_problem;
    FlowLayout *m_header;
    QToolButton *m_menu;
    std::vector<QToolButton *> m_legend;
};

} // namespace fw
