// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/timeline/time_view.h"
#include "panels/timeline/timeline_lanes.h"

#include <QSet>
#include <QTimer>

namespace fw {

class ThumbnailStrip;

/// The clip over time: ruler, pictures, faces, one lane for each method, marks, and the playhead.
/// A drag of an in or out flag on the ruler moves that, a double click selects the finding there.
class TimelineView : public TimeView
{
    Q_OBJECT
public:
    /// @param clip  outlives the view.
    explicit TimelineView(ClipModel &clip, QWidget *parent = nullptr);
    ~TimelineView() override;

    const std::vector<TimelineLane> &lanes() const { return m_lanes; }
    QRect laneRect(int lane) const; ///< in the viewport; empty when it is scrolled away

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void setPicturesShown(bool shown);
    void expandAll(bool expanded);

Q_SIGNALS:
    void methodCardRequested(const QString &pluginId);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

    int labelWidth() const override;
    int headerHeight() const override { return rulerHeight() + pictureHeight(); }
    int contentHeight() const override;
    int rowStep() const override { return fontMetrics().height(); }
    void paintContent(QPainter &painter) override;
    void paintEmpty(QPainter &painter) override;
    void setCurrentRow(int lane) override;
    void activateRow(int lane) override; ///< folds or unfolds it
    void relayout() override;

private:
    void makeButtons();
    void rebuildLanes();
    void rebuildFaces();
    void paintPictures(QPainter &painter, const QRect &rect);
    enum class Edge { None, In, Out };
    Edge edgeAt(const QPoint &at) const; ///< the flag on the ruler under the mouse
    void dragEdge(double x);
    void showCursorFor(const QPoint &at);
    FrameRange framesUnder(int x) const;
    int laneAt(int y) const; ///< -1: none
    int pictureHeight() const;

    ThumbnailStrip *m_thumbnails;
    std::vector<std::pair<TrackId, std::vector<FrameRange>>> m_faces;
    std::vector<TimelineLane> m_lanes;
    QSet<QString> m_expanded, m_asHeat;
    QTimer m_facesTimer, m_progressTimer;
    bool m_pictures = true;
    Edge m_dragged = Edge::None;
    QWidget *m_buttons = nullptr;
};

} // namespace fw
