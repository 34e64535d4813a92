// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_roll_view.h"

#include "paint/color_map.h"
#include "panels/common/text.h"
#include "panels/common/theme.h"
#include "panels/timeline/ruler_painter.h"

#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

UnitRollView::UnitRollView(FaceChoice &choice, QWidget *parent)
    : QAbstractScrollArea(parent), m_choice(choice), m_clip(choice.clip())
{
    setAccessibleName(tr("Action units over time"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    connect(&m_clip, &ClipModel::clipChanged, this, [this] {
        m_axis.fit();
        updateClock();
    });
    connect(&m_clip, &ClipModel::clockChanged, this, &UnitRollView::updateClock);
    connect(&m_clip, &ClipModel::inOutChanged, this, &UnitRollView::repaintAll);
    connect(&m_clip, &ClipModel::playheadChanged, this, &UnitRollView::movePlayhead);
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

int UnitRollView::rulerHeight() const
{
    return fontMetrics().height() * 2 + 4;
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

QRect UnitRollView::trackRect() const
{
    const int left = labelWidth(), top = rulerHeight();
    return {left, top, std::max(1, viewport()->width() - left), std::max(0, viewport()->height() - top)};
}

QSize UnitRollView::sizeHint() const
{
    return {900, rulerHeight() + kUnitRows * QFontMetrics(textFont(font(), TextSize::Small)).height()};
}

QSize UnitRollView::minimumSizeHint() const
{
    return {320, rulerHeight() + fontMetrics().height() * 4};
}

void UnitRollView::updateClock()
{
    m_axis.setSpan(clipSpan(m_clip.clock()), m_clip.clock().frameCount);
    relayout();
}

void UnitRollView::relayout()
{
    const QRect track = trackRect();
    m_axis.setWidth(track.width());
    verticalScrollBar()->setRange(0, std::max(0, rowHeight() * kUnitRows - track.height()));
    verticalScrollBar()->setPageStep(std::max(1, track.height()));
    verticalScrollBar()->setSingleStep(rowHeight());
    QScrollBar *bar = horizontalScrollBar();
    const QSignalBlocker quiet(bar);
    bar->setRange(0, std::max(0, int(std::ceil(m_axis.span() * m_axis.pixelsPerSecond())) - track.width()));
    bar->setPageStep(track.width());
    bar->setSingleStep(std::max(1, track.width() / 10));
    bar->setValue(int(std::lround(m_axis.start() * m_axis.pixelsPerSecond())));
    repaintAll();
}

void UnitRollView::repaintAll()
{
    m_contentValid = false;
    viewport()->update();
}

void UnitRollView::moved()
{
    relayout();
    Q_EMIT timeShown(m_axis.start(), m_axis.end());
}

void UnitRollView::showTime(double start, double end)
{
    m_axis.showRange(start, end);
    relayout();
}

int UnitRollView::xOfFrame(FrameIndex index) const
{
    return labelWidth() + int(std::floor(m_axis.xOf(frameStart(m_clip.clock(), index))));
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

void UnitRollView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    if (!m_contentValid)
        paintContent();
    const double ratio = m_content.devicePixelRatio();
    const QRect part = event->rect();
    painter.drawPixmap(part, m_content,
                       QRectF(part.x() * ratio, part.y() * ratio, part.width() * ratio, part.height() * ratio).toRect());
    const int x = xOfFrame(m_clip.playhead());
    if (x < labelWidth() || x >= viewport()->width() || m_clip.clock().seconds.empty())
        return;
    // Its own outline keeps it visible on every colour of the map.
    painter.fillRect(QRect(x - 1, rulerHeight(), 4, viewport()->height()), QColor(0, 0, 0, 120));
    painter.fillRect(QRect(x, 0, 2, viewport()->height()), seriesColor(5));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(seriesColor(5));
    painter.drawPolygon(QPolygonF{{x - 5.0, 0.0}, {x + 7.0, 0.0}, {x + 1.0, 9.0}});
}

void UnitRollView::paintContent()
{
    const double ratio = devicePixelRatioF();
    m_content = QPixmap(viewport()->size() * ratio);
    m_content.setDevicePixelRatio(ratio);
    m_content.fill(palette().color(QPalette::Base));
    m_contentValid = true;
    if (m_clip.clock().seconds.empty())
        return;
    QPainter painter(&m_content);
    const LaneScene scene{m_clip, m_axis, framesOfColumns(m_axis, m_clip.clock()), palette(), font(), isDark(palette())};
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

void UnitRollView::movePlayhead(FrameIndex index)
{
    const auto strip = [this](FrameIndex i) { return QRect(xOfFrame(i) - 7, 0, 16, viewport()->height()); };
    viewport()->update(strip(m_shownPlayhead));
    m_shownPlayhead = index;
    const double at = frameStart(m_clip.clock(), index);
    if (m_axis.isFitted() || (at >= m_axis.start() && at < m_axis.end())) {
        viewport()->update(strip(index));
        return;
    }
    const double page = m_axis.end() - m_axis.start(); // turn the page, as the timeline does
    m_axis.scrollTo(at >= m_axis.end() ? at - 0.05 * page : at - 0.95 * page);
    relayout();
}

double UnitRollView::playheadX() const
{
    const int x = xOfFrame(m_clip.playhead()) - labelWidth();
    return x >= 0 && x < m_axis.width() ? x : m_axis.width() / 2;
}

void UnitRollView::fit()
{
    m_axis.fit();
    moved();
}

void UnitRollView::zoomAt(double factor, double x)
{
    m_axis.zoom(factor, x);
    moved();
}

} // namespace fw
