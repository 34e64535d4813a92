// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QAbstractItemModel;
class QListView;

namespace fw {

/// Rows of a swatch, a line of text and a quiet line below it, for lists in narrow docks.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum Role {
        SecondLineRole = Qt::UserRole + 100, ///< QString
        SwatchRole,                          ///< QColor; invalid: no swatch
        StruckRole,                          ///< bool: the first line is struck through
    };
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;
};

/// A list of such rows, without a frame, for a dock.
QListView *makeTwoLineList(QAbstractItemModel *model, const QString &accessibleName);

} // namespace fw
