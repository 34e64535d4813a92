// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/trace_catalog.h"
#include "paint/axis.h"

#include <QWidget>

#include <map>
#include <vector>

class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace fw {

class ChartCard;
class TraceChooser;

/// Every curve that was measured, in charts below each other over one time axis. A click goes to
/// the frame; the playhead is that of the clip.
class ChartsPanel : public QWidget
{
    Q_OBJECT
public:
    /// @param model  outlives the panel.
    explicit ChartsPanel(ClipModel &model, QWidget *parent = nullptr);

    const std::vector<ChartCard *> &cards() const { return m_cards; }
    const AxisRange &timeRange() const { return m_range; }
    QString message() const; ///< what is said while there is no chart; empty otherwise
    QSize sizeHint() const override { return {640, 260}; }

public Q_SLOTS:
    void showChart(const QString &key, bool shown);
    void setChooserVisible(bool visible);
    void zoomIn();
    void zoomOut();
    void resetTime();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void rebuild();
    void placeCards();
    ChartCard *newCard();
    void refreshChoice();
    void followClock();
    void followPlayhead(FrameIndex frame);
    void setTimeRange(const AxisRange &wanted);
    void zoomBy(double factor);
    void seek(double seconds);
    void refreshState();
    AxisRange wholeClip() const;
    QSet<QString> shownKeys() const;

    ClipModel &m_model;
    std::vector<ChartGroup> m_groups;
    std::map<QString, bool> m_chosen; ///< what the person said; the rest is up to us
    QSet<QString> m_default;
    std::vector<ChartCard *> m_cards;
    AxisRange m_range;
    bool m_wholeClip = true;
    TraceChooser *m_chooser;
    QToolButton *m_choose, *m_in, *m_out, *m_reset;
    QLabel *m_rangeText, *m_message;
    QScrollArea *m_scroll;
    QWidget *m_stack;
    QVBoxLayout *m_stackLayout;
};

} // namespace fw
