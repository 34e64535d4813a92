// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_roll_view.h"

#include "panels/common/text.h"
#include "panels/common/theme.h"
#include "panels/timeline/ruler_painter.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

UnitRollView::UnitRollView(FaceChoice &choice, QWidget *parent)
    : TimeView(choice.clip(), parent), m_choice(choice)
{
    setAccessibleName(tr("Action units over time"));
    updateClock();
    reload();
}

void UnitRollView::reload()
{
    const auto track = m_choice.shown();
    m_roll = track ? UnitRoll::of(m_clip.observations(), *track, m_choice.scale()) : UnitRoll();
    describe();
    repaintAll();
}

void UnitRollView::describe()
{
    const auto track = m_choice.shown();
    if (!track)
        return setAccessibleDescription({});
    std::vector<std::pair<float, int>> peaks;
    const UnitRoll::Cell whole = m_roll.cell({0, m_clip.clock().frameCount});
    for (int row = 0; row < kUnitRows; ++row) {
        if (intensityIndex(row) && whole.measured)
            peaks.emplace_back(whole.strongest[std::size_t(row)], row);
    }
    std::ranges::sort(peaks, std::greater<>());
    QStringList strongest;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, peaks.size()); ++i) {
        const auto frame = m_roll.strongestFrame(peaks[i].second);
        if (frame)
            strongest << tr("%1 up to %2 at %3").arg(unitTitle(peaks[i].second))
                             .arg(double(peaks[i].first), 0, 'f', 1).arg(placeText(*frame, m_clip.clock()));
    }
    QString name = faceText(*track);
    name[0] = name[0].toUpper();
    setAccessibleDescription(tr("%1, %2: measured in %3 of %4 frames. %5")
                                 .arg(name, scaleText(m_choice.scale())).arg(m_roll.measuredFrames())
                                 .arg(m_clip.clock().frameCount).arg(strongest.join(u"; "_s)));
}

int UnitRollView::rowHeight() const
{
    const int least = QFontMetrics(textFont(font(), TextSize::Small)).height();
    return std::max(least, (viewport()->height() - rulerHeight()) / kUnitRows);
}

int UnitRollView::labelWidth() const
{
    return std::clamp(fontMetrics().averageCharWidth() * 26, 60, std::max(60, viewport()->width() / 3));
}

QSize UnitRollView::sizeHint() const
{
    return {900, rulerHeight() + kUnitRows * QFontMetrics(textFont(font(), TextSize::Small)).height()};
}

QSize UnitRollView::minimumSizeHint() const
{
    return {320, rulerHeight() + fontMetrics().height() * 4};
}

QRect UnitRollView::rowRect(int row) const
{
    const QRect track = trackRect();
    const int height = rowHeight();
    return QRect(track.left(), track.top() + row * height - verticalScrollBar()->value(), track.width(), height)
        .intersected(track);
}

int UnitRollView::rowAt(int y) const
{
    if (y < rulerHeight())
        return -1;
    const int row = (y - rulerHeight() + verticalScrollBar()->value()) / rowHeight();
    return row < kUnitRows ? row : -1;
}

FrameRange UnitRollView::framesUnder(int x) const
{
    const double at = x - labelWidth();
    const FrameIndex first = frameAt(m_clip.clock(), m_axis.secondsAt(at));
    return {first, std::max(first + 1, frameAt(m_clip.clock(), m_axis.secondsAt(at + 1)))};
}

QString UnitRollView::hoverText(const QPoint &at) const
{
    const int row = rowAt(at.y());
    if (row < 0 || m_clip.clock().seconds.empty())
        return {};
    if (at.x() < labelWidth())
        return unitTitle(row) + u'\n' + tr("A double click or Enter goes to its strongest frame.");
    const FrameRange frames = framesUnder(at.x());
    const QString where = unitTitle(row) + u'\n' + rangeText(frames, m_clip.clock()) + u'\n';
    const UnitRoll::Cell cell = m_roll.cell(frames);
    if (!cell.measured)
        return where + tr("Not measured here");
    const QString presence = cell.isPresent(row) ? tr("present") : tr("not present");
    if (!intensityIndex(row))
        return where + presence;
    const QString value = QString::number(double(cell.strongest[std::size_t(row)]), 'f', 1);
    return where + (frames.length() > 1 ? tr("up to %1 of 5, %2").arg(value, presence)
                                        : tr("%1 of 5, %2").arg(value, presence))
        + u"\n"_s + scaleText(m_choice.scale());
}

void UnitRollView::paintEmpty(QPainter &painter)
{
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
}

void UnitRollView::paintContent(QPainter &painter)
{
    const LaneScene scene = this->scene();
    const std::vector<UnitRoll::Cell> cells = m_roll.cells(scene.columns);
    const QImage image = rollImage(cells);
    const QRect track = trackRect();
    const int height = rowHeight();
    painter.setClipRect(0, track.top(), viewport()->width(), track.height());
    for (int row = 0; row < kUnitRows; ++row) {
        const int top = track.top() + row * height - verticalScrollBar()->value();
        if (top + height <= track.top() || top > viewport()->height())
            continue;
        const QRect strip(track.left(), top, track.width(), height - 1);
        painter.drawImage(strip, image, QRect(0, row, int(cells.size()), 1));
        paintPresence(painter, cells, row, strip);
        paintLabel(painter, row, QRect(0, top, track.left(), height));
    }
    painter.setClipping(false);
    painter.fillRect(QRect(0, 0, viewport()->width(), track.top()), palette().color(QPalette::Window));
    paintRuler(painter, QRect(track.left(), 0, track.width(), track.top()), scene);
    painter.fillRect(QRect(0, track.top() - 1, viewport()->width(), 1), palette().color(QPalette::Mid));
    painter.fillRect(QRect(track.left() - 1, 0, 1, viewport()->height()), palette().color(QPalette::Mid));
}

void UnitRollView::paintLabel(QPainter &painter, int row, const QRect &rect) const
{
    const bool current = row == m_current && hasFocus();
    painter.fillRect(rect, palette().color(current ? QPalette::Highlight : QPalette::Window));
    painter.setPen(palette().color(current ? QPalette::HighlightedText : QPalette::WindowText));
    painter.setFont(textFont(font(), TextSize::Small));
    const QRect text = rect.adjusted(8, 0, -6, 0);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(unitTitle(row), Qt::ElideRight, text.width()));
}

void UnitRollView::paintPresence(QPainter &painter, const std::vector<UnitRoll::Cell> &cells, int row,
                                 const QRect &rect) const
{
    // A line along the foot of the row, so that presence is not told by colour alone.
    for (std::size_t x = 0; x < cells.size();) {
        if (!cells[x].isPresent(row)) {
            ++x;
            continue;
        }
        const std::size_t from = x;
        while (x < cells.size() && cells[x].isPresent(row))
            ++x;
        const QRect line(rect.left() + int(from), rect.bottom() - 1, int(x - from), 2);
        painter.fillRect(line.adjusted(0, -1, 0, 0), QColor(0, 0, 0, 150));
        painter.fillRect(line, Qt::white);
    }
}

void UnitRollView::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (event->button() == Qt::LeftButton && hasClock() && row >= 0)
        setCurrentRow(row);
    TimeView::mousePressEvent(event);
}

void UnitRollView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (event->button() == Qt::LeftButton && at.x() < labelWidth())
        activateRow(rowAt(at.y()));
}

void UnitRollView::activateRow(int row)
{
    const auto frame = row >= 0 ? m_roll.strongestFrame(row) : std::nullopt;
    if (frame)
        m_clip.setPlayhead(*frame);
}

void UnitRollView::setCurrentRow(int row)
{
    m_current = std::clamp(row, 0, kUnitRows - 1);
    const int top = m_current * rowHeight(), page = trackRect().height();
    QScrollBar *bar = verticalScrollBar();
    bar->setValue(std::clamp(bar->value(), std::max(0, top + rowHeight() - page), top));
    repaintAll();
}

bool UnitRollView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QToolTip::showText(help->globalPos(), hoverText(help->pos()), this);
    return true;
}

void UnitRollView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        relayout();
    else if (event->type() == QEvent::PaletteChange)
        repaintAll();
}

} // namespace fw
