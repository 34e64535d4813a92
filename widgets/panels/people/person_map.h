// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/people/person_comparison.h"

#include <QWidget>

namespace fw {

/// The windows of an enrolled person, of other people and of the clip as points in a plane. An
/// illustration: it says so itself. A click on a window of the clip shows that moment.
class PersonMap : public QWidget
{
    Q_OBJECT
public:
    explicit PersonMap(QWidget *parent = nullptr);

    void show(std::shared_ptr<const PersonComparison> comparison);
    /// The point under the cursor, at most a few pixels away; -1: none.
    int pointAt(const QPoint &at) const;
    QPointF placeOf(int point) const;

    QSize sizeHint() const override { return {360, 320}; }

Q_SIGNALS:
    void momentClicked(double beginSeconds); ///< of the clip that is open

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect plot() const;
    QColor colorOf(const PersonMapPoint &point) const;

    std::shared_ptr<const PersonComparison> m_comparison;
    double m_lowX = 0, m_highX = 1, m_lowY = 0, m_highY = 1;
};

} // namespace fw
