// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/unit_text.h"

#include <QWidget>

namespace fw {

/// The action units of the shown face in the frame at the playhead: a row each with name, presence,
/// a bar from 0 to 5 and a whisker of one standard deviation. Up and Down walk through the rows,
/// Ctrl+C copies all values.
class UnitBars : public QWidget
{
    Q_OBJECT
public:
    /// @param choice  outlives the view.
    explicit UnitBars(FaceChoice &choice, QWidget *parent = nullptr);

    /// Where the bar of a row can lie, from intensity 0 to 5.
    QRectF trackRect(int row) const;
    QRectF presenceRect(int row) const;
    int currentRow() const { return m_current; }
    /// All values of the frame as lines of tab-separated text.
    QString valuesText() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void refresh();
    void copy() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    void paintRow(QPainter &painter, int row, const ActionUnits *units) const;
    void paintBar(QPainter &painter, const QRectF &track, double value, double sigma) const;
    void paintPresence(QPainter &painter, const QRectF &rect, bool present) const;
    const ActionUnits *units() const;
    QRectF rowRect(int row) const;
    int rowAt(double y) const; ///< -1: none
    double lineHeight() const;
    double headHeight() const;
    double labelWidth() const;
    double valueWidth() const;

    FaceChoice &m_choice;
    int m_current = 0;
};

} // namespace fw
