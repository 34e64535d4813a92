// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "panels/timeline/lane_painter.h"
#include "panels/timeline/time_axis.h"

#include <QAbstractScrollArea>
#include <QPixmap>

namespace fw {

/// Rows over time with labels at the left, a header at the top and the playhead across: what the views of a whole
/// clip share. A click or a drag moves the playhead, the wheel scrolls in time, Ctrl or Shift with the wheel zooms
/// at the cursor, Alt or the wheel over the labels scrolls the rows; + - 0 and the page keys work as in the timeline.
/// The content is painted once into a picture; a moving playhead only copies from it.
class TimeView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    const TimeAxis &axis() const { return m_axis; }
    int xOfFrame(FrameIndex index) const; ///< in the viewport

public Q_SLOTS:
    /// Shows what another view shows; emits nothing.
    void showTime(double start, double end);
    void fit();
    void zoomIn();
    void zoomOut();

Q_SIGNALS:
    void timeShown(double start, double end); ///< another stretch of the clip, or another length

protected:
    /// @param clip  outlives the view. The constructor of the view calls updateClock.
    explicit TimeView(ClipModel &clip, QWidget *parent = nullptr);

    virtual int labelWidth() const = 0;    ///< px
    virtual int headerHeight() const = 0;  ///< px, of the ruler and what stands below it
    virtual int contentHeight() const = 0; ///< px, of all rows
    virtual int rowStep() const = 0;       ///< px that the vertical scroll bar moves at once
    virtual void paintContent(QPainter &painter) = 0; ///< over the base colour; not called before there is a clock
    virtual void paintEmpty(QPainter &painter) = 0;   ///< the whole viewport, while there is none
    virtual void setCurrentRow(int row) = 0;          ///< any number; the view clamps
    virtual void activateRow(int row) = 0;            ///< Enter
    virtual void relayout();                          ///< sizes, scroll bars, then a full repaint

    int rulerHeight() const;
    QRect trackRect() const; ///< right of the labels, below the header
    LaneScene scene() const;
    void repaintAll(); ///< the content picture is out of date
    void updateClock();
    void tellTime();   ///< once for each stretch that others do not know of
    void seekTo(double x);
    bool hasClock() const { return !m_clip.clock().seconds.empty(); }

    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

    ClipModel &m_clip;
    TimeAxis m_axis;
    int m_current = 0; ///< row
    bool m_seeking = false, m_panning = false;

private:
    void movePlayhead(FrameIndex index);
    void zoomAt(double factor, double x);
    double playheadX() const; ///< on the axis; its middle when the playhead is not shown
    void moved();             ///< relayout, and tell others

    QPixmap m_content;
    bool m_contentValid = false;
    AxisRange m_told; ///< the stretch that others know of
    int m_panFrom = 0;
    FrameIndex m_shownPlayhead = 0;
};

} // namespace fw
