// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/people/person_comparison.h"

#include <QWidget>

namespace fw {

/// Which movements go together: 20 x 20, the person above the diagonal, the clip below it, or how
/// far the clip is from the person (z) in both. The tool tip names a pair in words; a click chooses it.
class CorrelationMatrix : public QWidget
{
    Q_OBJECT
public:
    explicit CorrelationMatrix(QWidget *parent = nullptr);

    void show(std::shared_ptr<const PersonComparison> comparison);
    void setShowsZ(bool z);
    bool showsZ() const { return m_z; }
    void choose(std::optional<std::size_t> pair);
    /// In words, with the numbers; empty off the cells and on the diagonal.
    QString hoverText(const QPoint &at) const;
    QRect cellRect(std::size_t row, std::size_t column) const;

    QSize sizeHint() const override { return {420, 420}; }

Q_SIGNALS:
    void pairClicked(std::size_t pair);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Cell
    {
        std::size_t row = 0, column = 0;
    };
    std::optional<Cell> cellAt(const QPoint &at) const;
    /// -1..1 for the colour; nullopt where nothing could be measured.
    std::optional<double> valueOf(std::size_t row, std::size_t column) const;
    void layoutCells();
    void resizeEvent(QResizeEvent *event) override;
    void paintScale(QPainter &painter, const QRect &rect) const;

    std::shared_ptr<const PersonComparison> m_comparison;
    std::array<std::optional<PairDeviation>, kBehaviourPairs> m_pairs;
    std::optional<std::size_t> m_chosen;
    bool m_z = false;
    QPoint m_origin;
    int m_side = 10; ///< of a cell, px
};

/// Blue below 0, orange above, the ground of the theme at 0; safe for colour-blind eyes.
QColor divergingColor(double value, bool dark);

} // namespace fw
