// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/timeline/lane_painter.h"
#include "panels/timeline/time_axis.h"
#include "panels/timeline/timeline_lanes.h"

#include <QAbstractScrollArea>
#include <QPixmap>
#include <QTimer>

namespace fw {

class ThumbnailStrip;

/// The clip over time: ruler, pictures, faces, one lane for each method, marks, and the playhead.
/// A click or a drag moves the playhead, a drag of an in or out flag on the ruler moves that, the wheel scrolls in time, Ctrl or Shift with the wheel
/// zooms at the cursor, a double click selects the finding there.
/// The content is painted once into a picture; a moving playhead only copies from it.
class TimelineView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    /// @param clip  outlives the view.
    explicit TimelineView(ClipModel &clip, QWidget *parent = nullptr);
    ~TimelineView() override;

    const TimeAxis &axis() const { return m_axis; }
    const std::vector<TimelineLane> &lanes() const { return m_lanes; }
    /// Where frame `index` is in the viewport; where a lane is (empty when it is scrolled away).
    int xOfFrame(FrameIndex index) const;
    QRect laneRect(int lane) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void fit();
    void zoomIn();
    void zoomOut();
    void setPicturesShown(bool shown);
    void expandAll(bool expanded);
    /// Shows what another view shows; emits nothing.
    void showTime(double start, double end);

Q_SIGNALS:
    void timeShown(double start, double end); ///< another stretch of the clip, or another length
    void methodCardRequested(const QString &pluginId);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void makeButtons();
    void rebuildLanes();
    void rebuildFaces();
    void relayout();   ///< sizes, scroll bars, then a full repaint
    void tellTime();
    void repaintAll(); ///< the content picture is out of date
    void updateClock();
    void movePlayhead(FrameIndex index);
    void paintContent();
    void paintPictures(QPainter &painter, const QRect &rect);
    void paintEmpty(QPainter &painter);
    void toggleLane(int lane);
    void setCurrentLane(int lane);
    void seekTo(double x);
    enum class Edge { None, In, Out };
    Edge edgeAt(const QPoint &at) const; ///< the flag on the ruler under the mouse
    void dragEdge(double x);
    void showCursorFor(const QPoint &at);
    void zoomAt(double factor, double x);
    LaneScene scene() const;
    FrameRange framesUnder(int x) const;
    int laneAt(int y) const; ///< -1: none
    int rulerHeight() const;
    int pictureHeight() const;
    int headerHeight() const { return rulerHeight() + pictureHeight(); }
    int labelWidth() const;
    QRect trackRect() const; ///< right of the labels, below the header

    ClipModel &m_clip;
    ThumbnailStrip *m_thumbnails;
    TimeAxis m_axis;
    std::vector<std::pair<TrackId, std::vector<FrameRange>>> m_faces;
    std::vector<TimelineLane> m_lanes;
    QSet<QString> m_expanded, m_asHeat;
    QTimer m_facesTimer, m_progressTimer;
    QPixmap m_content;
    bool m_contentValid = false;
    AxisRange m_told; ///< the stretch that others know of
    bool m_pictures = true;
    bool m_seeking = false, m_panning = false;
    Edge m_dragged = Edge::None;
    QPoint m_panFrom;
    int m_current = 0;
    FrameIndex m_shownPlayhead = 0;
    QWidget *m_buttons = nullptr;
};

} // namespace fw
