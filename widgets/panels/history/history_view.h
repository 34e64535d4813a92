// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/history/coding_history.h"
#include "panels/timeline/time_axis.h"

#include <QWidget>

namespace fw {

/// How a clip was coded, in lanes on one clock: packet sizes by picture type, quantisers, groups of
/// pictures, key frames of an earlier encoding, the container's clock with time stamps, gaps and edit
/// list, and the traces that methods found.
/// A click or the arrow keys move the playhead, the wheel zooms, double click shows all.
class HistoryView : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryView(ClipModel &clip, QWidget *parent = nullptr);

    QSize sizeHint() const override { return {600, 260}; }
    /// Reads the model anew.
    void reload();
    /// What lies under a point, or what the lane shows when it is on a name; for the tool tip.
    QString textAt(const QPoint &point) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;

private:
    enum Lane { Sizes, Quantiser, Groups, Earlier, Clock, Traces, LaneCount };
    static QString laneName(Lane lane);
    QString laneAbout(Lane lane) const;
    /// The values at the top and at the bottom of a lane; empty: none.
    std::pair<QString, QString> laneScale(Lane lane) const;
    QRectF laneRect(Lane lane) const;
    int labelWidth() const;
    void paintSizes(QPainter &painter, const QRectF &rect) const;
    void paintQuantiser(QPainter &painter, const QRectF &rect) const;
    void paintGroups(QPainter &painter, const QRectF &rect) const;
    void paintEarlier(QPainter &painter, const QRectF &rect) const;
    void paintClock(QPainter &painter, const QRectF &rect) const;
    void paintTraces(QPainter &painter, const QRectF &rect) const;
    void paintLabels(QPainter &painter) const;
    double xOfFrame(FrameIndex frame) const;
    void seekTo(double x);

    ClipModel &m_clip;
    TimeAxis m_axis;
    std::vector<PictureGroup> m_groups;
    std::vector<EditSegment> m_edits;
    std::vector<FrameIndex> m_gaps;
    EarlierEncoding m_earlier;
    std::vector<CopiedStretch> m_copies;
    std::vector<double> m_steps; ///< seconds that each frame stays on screen; none for the last
    double m_usualStep = 0.0, m_longestStep = 0.0;
    std::vector<HistoryEvent> m_events;
    std::vector<double> m_quantiser; ///< by frame; not-a-number: unknown
    int m_mostBytes = 0;
    double m_leastQp = 0.0, m_mostQp = 0.0;
};

} // namespace fw
