// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/common/two_line_delegate.h"

#include "panels/common/theme.h"

#include <QApplication>
#include <QListView>
#include <QPainter>

namespace fw {

namespace {

constexpr int kPad = 6, kSwatch = 10;

} // namespace

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, option.widget);

    painter->save();
    QRect box = option.rect.adjusted(8, kPad, -8, -kPad);
    const QVariant swatch = index.data(SwatchRole);
    if (swatch.isValid()) {
        painter->fillRect(QRect(box.left(), box.top() + 2, kSwatch, box.height() - 4),
                          swatch.value<QColor>());
        box.setLeft(box.left() + kSwatch + 8);
    }
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    QFont first = option.font;
    first.setStrikeOut(index.data(StruckRole).toBool());
    const QFont second = textFont(option.font, TextSize::Small);
    const int height = QFontMetrics(first).height();
    const auto elided = [&](const QFont &font, const QString &text) {
        return QFontMetrics(font).elidedText(text.simplified(), Qt::ElideRight, box.width());
    };
    painter->setFont(first);
    painter->setPen(ink);
    painter->drawText(QRect(box.left(), box.top(), box.width(), height), Qt::AlignLeft | Qt::AlignVCenter,
                      elided(first, index.data().toString()));
    painter->setFont(second);
    painter->setPen(selected ? ink : quietText(option.palette));
    painter->drawText(QRect(box.left(), box.top() + height, box.width(), box.height() - height),
                      Qt::AlignLeft | Qt::AlignVCenter, elided(second, index.data(SecondLineRole).toString()));
    painter->restore();
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int lines = QFontMetrics(option.font).height()
        + QFontMetrics(textFont(option.font, TextSize::Small)).height();
    return {120, lines + 2 * kPad};
}

void TwoLineDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                           const QModelIndex &) const
{
    QRect box = option.rect.adjusted(8 + kSwatch + 4, 2, -4, -2);
    box.setHeight(editor->sizeHint().height());
    editor->setGeometry(box);
}

QListView *makeTwoLineList(QAbstractItemModel *model, const QString &accessibleName)
{
    auto *list = new QListView;
    list->setModel(model);
    list->setItemDelegate(new TwoLineDelegate(list));
    list->setUniformItemSizes(true);
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setAccessibleName(accessibleName);
    return list;
}

} // namespace fw
