// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/finding.h"

#include <QStyledItemDelegate>

class QPainter;

namespace fw {

/// A square in the verdict's colour with its letter: the mark that stands for a verdict wherever
/// one is shown, so that colour never carries the meaning alone.
void paintVerdictSquare(QPainter &painter, const QRectF &square, Verdict verdict, bool darkTheme);
QIcon verdictIcon(Verdict verdict, bool darkTheme, int size, double pixelRatio);

/// Draws one row of the findings list: square, title, one line of summary, place.
class FindingDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace fw
