// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/findings/finding_delegate.h"

#include "paint/color_map.h"
#include "panels/common/theme.h"
#include "panels/findings/findings_model.h"

#include <QApplication>
#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kCardPad = 8;

struct Lines
{
    QFont title, summary, where;
    int titleHeight, summaryHeight, whereHeight, square;

    explicit Lines(const QFont &base)
        : title(base), summary(base), where(textFont(base, TextSize::Small))
    {
        title.setWeight(QFont::DemiBold);
        titleHeight = QFontMetrics(title).height();
        summaryHeight = QFontMetrics(summary).height();
        whereHeight = QFontMetrics(where).height();
        square = titleHeight + 2;
    }
    int height() const { return kCardPad + titleHeight + 2 + summaryHeight + 2 + whereHeight + kCardPad; }
};

} // namespace

void paintVerdictSquare(QPainter &painter, const QRectF &square, Verdict verdict, bool darkTheme)
{
    const QColor color = verdictColor(verdict, darkTheme);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(square, 3, 3);
    QFont font = painter.font();
    font.setBold(true);
    font.setPixelSize(std::max(8, int(std::lround(square.height() * 0.68))));
    painter.setFont(font);
    painter.setPen(inkOn(color));
    painter.drawText(square, Qt::AlignCenter, verdictLetter(verdict));
    painter.restore();
}

QIcon verdictIcon(Verdict verdict, bool darkTheme, int size, double pixelRatio)
{
    QPixmap pixmap(QSize(size, size) * pixelRatio);
    pixmap.setDevicePixelRatio(pixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintVerdictSquare(painter, QRectF(0, 0, size, size), verdict, darkTheme);
    painter.end();
    return QIcon(pixmap);
}

void FindingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear(); // the style draws the ground and the focus, the text is ours
    const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const Lines lines(option.font);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor quiet = selected ? ink : quietText(option.palette);
    const auto verdict = Verdict(index.data(FindingsModel::VerdictRole).toInt());

    painter->save();
    QRect box = option.rect.adjusted(kCardPad, kCardPad, -kCardPad, -kCardPad);
    const QRect square(box.topLeft(), QSize(lines.square, lines.square));
    paintVerdictSquare(*painter, square, verdict, isDark(option.palette));
    box.setLeft(square.right() + kCardPad);

    const auto line = [&](const QFont &font, const QColor &color, int height, const QString &text) {
        painter->setFont(font);
        painter->setPen(color);
        painter->drawText(QRect(box.left(), box.top(), box.width(), height),
                          Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, box.width()));
        box.setTop(box.top() + height + 2);
    };
    line(lines.title, ink, lines.titleHeight, index.data(FindingsModel::TitleRole).toString());
    line(lines.summary, ink, lines.summaryHeight, index.data(FindingsModel::SummaryRole).toString());
    const QString where = index.data(FindingsModel::WhereRole).toString();
    const QString method = index.data(FindingsModel::MethodRole).toString();
    line(lines.where, quiet, lines.whereHeight, where.isEmpty() ? method : where + u" · "_s + method);
    painter->restore();
}

QSize FindingDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {120, Lines(option.font).height()};
}

} // namespace fw
