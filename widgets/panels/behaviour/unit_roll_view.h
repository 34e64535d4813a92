// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/unit_roll.h"
#include "panels/timeline/lane_painter.h"

#include <QAbstractScrollArea>
#include <QPixmap>

namespace fw {

/// Eighteen action units over time, like a piano roll: a row each, the colour says how strong.
/// A click or a drag moves the playhead, the wheel scrolls in time, Ctrl or Shift with the wheel
/// zooms at the cursor; Up and Down choose a row, Enter goes to its strongest frame.
/// Painted once into a picture; a moving playhead only copies from it.
class UnitRollView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    /// @param choice  outlives the view.
    explicit UnitRollView(FaceChoice &choice, QWidget *parent = nullptr);

    const TimeAxis &axis() const { return m_axis; }
    const UnitRoll &roll() const { return m_roll; }
    int currentRow() const { return m_current; }
    int xOfFrame(FrameIndex index) const; ///< in the viewport
    QRect rowRect(int row) const;         ///< of its cells; empty when scrolled away
    /// What the tool tip says at a place of the viewport.
    QString hoverText(const QPoint &at) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void reload(); ///< other values
    /// Shows what another view shows; emits nothing.
    void showTime(double start, double end);
    void fit();
    void zoomIn();
    void zoomOut();

Q_SIGNALS:
    void timeShown(double start, double end); ///< the reader moved or zoomed

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void updateClock();
    void relayout();
    void repaintAll();
    void moved(); ///< relayout, and tell others
    void describe();
    void movePlayhead(FrameIndex index);
    void paintContent();
    void paintLabel(QPainter &painter, int row, const QRect &rect) const;
    void paintPresence(QPainter &painter, const std::vector<UnitRoll::Cell> &cells, int row, const QRect &rect) const;
    void setCurrentRow(int row);
    void goToStrongest(int row);
    void seekTo(double x);
    void zoomAt(double factor, double x);
    double playheadX() const;
    FrameRange framesUnder(int x) const;
    int rowAt(int y) const; ///< -1: none
    int rowHeight() const;
    int rulerHeight() const;
    int labelWidth() const;
    QRect trackRect() const;

    FaceChoice &m_choice;
    ClipModel &m_clip;
    TimeAxis m_axis;
    UnitRoll m_roll;
    QPixmap m_content;
    bool m_contentValid = false, m_seeking = false, m_panning = false;
    int m_panFrom = 0;
    int m_current = 0;
    FrameIndex m_shownPlayhead = 0;
};

} // namespace fw
