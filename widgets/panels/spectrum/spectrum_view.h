// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/measurement.h"

#include <QImage>
#include <QWidget>

namespace fw {

/// One spectrum, frequency 0 in the middle and half a cycle per pixel at the edges. The mouse reads the
/// period in pixels; small corners mark the places that doubled samples leave.
class SpectrumView : public QWidget
{
    Q_OBJECT
public:
    explicit SpectrumView(QWidget *parent = nullptr);

    void setMap(const HeatMap &map);
    void clear();
    bool isEmpty() const { return m_image.isNull(); }
    void setMarks(bool shown);

    /// What the place under the mouse means; empty outside.
    QString textAt(const QPoint &position) const;
    QRectF pictureRect() const;
    QSize sizeHint() const override { return {300, 300}; }

Q_SIGNALS:
    void readingChanged(const QString &text);
    /// Length of the frequency under the mouse, cycles per px; negative when the mouse left.
    void frequencyChanged(double frequency);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QPointF frequencyAt(const QPoint &position) const;

    HeatMap m_map;
    QImage m_image;
    bool m_marks = true;
    QPoint m_mouse{-1, -1};
};

/// Power over frequency with the straight line that natural pictures follow.
class RadialView : public QWidget
{
    Q_OBJECT
public:
    explicit RadialView(QWidget *parent = nullptr);

    /// @param table  columns frequency (cycles/px), power, line; null empties the view.
    void setTable(const Table *table);
    void setFrequency(double frequency); ///< marked by an upright line; negative: none
    int points() const { return int(m_frequency.size()); }
    QSize sizeHint() const override { return {360, 220}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<double> m_frequency, m_power, m_line;
    double m_marked = -1.0;
};

} // namespace fw
