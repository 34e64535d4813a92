// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/unit_roll.h"
#include "panels/timeline/time_view.h"

namespace fw {

/// Eighteen action units over time, like a piano roll: a row each, the colour says how strong.
/// Up and Down choose a row, Enter or a double click on its name goes to its strongest frame.
class UnitRollView : public TimeView
{
    Q_OBJECT
public:
    /// @param choice  outlives the view.
    explicit UnitRollView(FaceChoice &choice, QWidget *parent = nullptr);

    const UnitRoll &roll() const { return m_roll; }
    int currentRow() const { return m_current; }
    QRect rowRect(int row) const;         ///< of its cells; empty when scrolled away
    /// What the tool tip says at a place of the viewport.
    QString hoverText(const QPoint &at) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void reload(); ///< other values

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

    int labelWidth() const override;
    int headerHeight() const override { return rulerHeight(); }
    int contentHeight() const override { return rowHeight() * kUnitRows; }
    int rowStep() const override { return rowHeight(); }
    void paintContent(QPainter &painter) override;
    void paintEmpty(QPainter &painter) override;
    void setCurrentRow(int row) override;
    void activateRow(int row) override; ///< goes to its strongest frame

private:
    void describe();
    void paintLabel(QPainter &painter, int row, const QRect &rect) const;
    void paintPresence(QPainter &painter, const std::vector<UnitRoll::Cell> &cells, int row, const QRect &rect) const;
    FrameRange framesUnder(int x) const;
    int rowAt(int y) const; ///< -1: none
    int rowHeight() const;

    FaceChoice &m_choice;
    UnitRoll m_roll;
};

} // namespace fw
