// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/history/history_view.h"

#include "panels/common/text.h"
#include "panels/common/theme.h"
#include "paint/axis.h"

#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Colour-blind-safe: key pictures stand out by brightness as well.
QColor typeColor(char type, bool dark)
{
    switch (type) {
    case 'I': return dark ? QColor(0xf5, 0xb9, 0x42) : QColor(0xb4, 0x6a, 0x00);
    case 'P': return dark ? QColor(0x6c, 0xa9, 0xe8) : QColor(0x1f, 0x66, 0xb3);
    case 'B': return dark ? QColor(0x8a, 0x93, 0x9e) : QColor(0x7a, 0x84, 0x90);
    default: return Qt::gray;
    }
}

QColor alertColor(bool dark)
{
    return dark ? QColor(0xff, 0x7b, 0x72) : QColor(0xb3, 0x1d, 0x1d);
}

/// Key frames of an earlier encoding: one colour up to a break of their rhythm, the other behind it.
QColor beatColor(bool second, bool dark)
{
    if (second)
        return dark ? QColor(0xc5, 0x9c, 0xf0) : QColor(0x7a, 0x3f, 0xb5);
    return dark ? QColor(0x5c, 0xd0, 0xb3) : QColor(0x0b, 0x7a, 0x5f);
}

} // namespace

void HistoryView::paintSizes(QPainter &painter, const QRectF &rect) const
{
    const Ledger &ledger = m_clip.ledger();
    if (m_mostBytes <= 0)
        return;
    const bool dark = isDark(palette());
    // Square root: key pictures are ten times the others, which must stay visible.
    const auto heightOf = [&](int bytes) { return rect.height() * std::sqrt(double(bytes) / m_mostBytes); };
    const std::vector<FrameIndex> columns = framesOfColumns(m_axis, m_clip.clock());
    for (std::size_t x = 0; x + 1 < columns.size(); ++x) {
        const FrameIndex end = std::min<FrameIndex>(std::max(columns[x] + 1, columns[x + 1]), ledger.count());
        const LedgerEntry *tallest = nullptr;
        for (FrameIndex n = columns[x]; n < end; ++n) {
            const LedgerEntry &entry = ledger.entries[std::size_t(n)];
            if (!tallest || entry.packetBytes > tallest->packetBytes)
                tallest = &entry;
        }
        if (!tallest)
            continue;
        const double h = std::max(1.0, heightOf(tallest->packetBytes));
        painter.fillRect(QRectF(rect.left() + double(x), rect.bottom() - h, 1.0, h),
                         typeColor(tallest->pictureType, dark));
    }
}

void HistoryView::paintQuantiser(QPainter &painter, const QRectF &rect) const
{
    if (m_mostQp < m_leastQp) {
        painter.setPen(quietText(palette()));
        painter.drawText(rect.adjusted(6, 0, 0, 0), Qt::AlignVCenter,
                         m_clip.results().empty() ? tr("analyse the clip to read quantisers")
                                                  : tr("this codec tells no quantisers"));
        return;
    }
    const AxisRange range = paddedRange(m_leastQp, m_mostQp);
    const auto yOf = [&](double qp) { return rect.bottom() - rect.height() * (qp - range.low) / range.length(); };
    const std::vector<FrameIndex> columns = framesOfColumns(m_axis, m_clip.clock());
    painter.setPen(palette().color(QPalette::Text));
    for (std::size_t x = 0; x + 1 < columns.size(); ++x) {
        double low = 1e9, high = -1e9;
        const FrameIndex end = std::max(columns[x] + 1, columns[x + 1]);
        for (FrameIndex n = columns[x]; n < std::min<FrameIndex>(end, FrameIndex(m_quantiser.size())); ++n) {
            const double qp = m_quantiser[std::size_t(n)];
            if (!std::isnan(qp)) {
                low = std::min(low, qp);
                high = std::max(high, qp);
            }
        }
        if (high >= low)
            painter.drawLine(QPointF(rect.left() + double(x), yOf(low) + 0.5),
                             QPointF(rect.left() + double(x), yOf(high) - 0.5));
    }
}

void HistoryView::paintGroups(QPainter &painter, const QRectF &rect) const
{
    QColor even = palette().color(QPalette::Highlight), odd = even;
    even.setAlphaF(0.45F);
    odd.setAlphaF(0.22F);
    painter.setPen(palette().color(QPalette::Text));
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        const double left = xOfFrame(m_groups[i].frames.begin), right = xOfFrame(m_groups[i].frames.end);
        const QRectF box(left, rect.top(), std::max(1.0, right - left), rect.height());
        if (!box.intersects(rect))
            continue;
        painter.fillRect(box & rect, i % 2 ? odd : even);
        const QString text = QString::number(m_groups[i].frames.length());
        if (box.width() > painter.fontMetrics().horizontalAdvance(text) + 6)
            painter.drawText(box, Qt::AlignCenter, text);
    }
}

void HistoryView::paintEarlier(QPainter &painter, const QRectF &rect) const
{
    const bool dark = isDark(palette());
    if (m_earlier.most <= 0.0) {
        painter.setPen(quietText(palette()));
        painter.drawText(rect.adjusted(6, 0, 0, 0), Qt::AlignVCenter,
                         m_earlier.measured ? tr("no frame stands out as a key frame of an earlier encoding would")
                         : m_clip.results().empty() ? tr("analyse the clip to look for an earlier encoding")
                                                    : tr("cannot be seen in this codec, or was not looked for"));
        return;
    }
    QColor shade = alertColor(dark);
    shade.setAlphaF(0.22F);
    for (const FrameRange &range : m_earlier.breaks)
        painter.fillRect(QRectF(xOfFrame(range.begin), rect.top(),
                                std::max(2.0, xOfFrame(range.end) - xOfFrame(range.begin)), rect.height()), shade);
    const double width = std::clamp(m_axis.pixelsPerFrame() * 0.6, 1.0, 6.0);
    for (std::size_t n = 0; n < m_earlier.peaks.size(); ++n) {
        const double x = xOfFrame(FrameIndex(n));
        if (x + width < rect.left() || x > rect.right())
            continue;
        const bool expected = m_earlier.expected[n];
        const auto behind = std::count_if(m_earlier.breaks.begin(), m_earlier.breaks.end(),
                                          [&](const FrameRange &range) { return FrameIndex(n) > range.begin; });
        const QColor color = expected ? beatColor(behind % 2 != 0, dark) : quietText(palette());
        if (expected) // where the rhythm expects one, whether there is a peak or not
            painter.fillRect(QRectF(x, rect.bottom() - 2.0, std::max(2.0, width), 3.0), color);
        if (m_earlier.peaks[n] > 0.0) {
            const double h = std::max(2.0, rect.height() * std::sqrt(m_earlier.peaks[n] / m_earlier.most));
            painter.fillRect(QRectF(x, rect.bottom() - h, width, h), color);
        }
    }
}

void HistoryView::paintClock(QPainter &painter, const QRectF &whole) const
{
    const QColor quiet = quietText(palette());
    QRectF rect = whole;
    if (!m_edits.empty()) { // the edit list above, the steps of the clock below
        const QRectF list(rect.left(), rect.top(), rect.width(), std::floor(rect.height() / 2.0));
        rect.setTop(list.bottom() + 2.0);
        for (const EditSegment &segment : m_edits) {
            const double left = labelWidth() + m_axis.xOf(segment.begin), right = labelWidth() + m_axis.xOf(segment.end);
            const QRectF box = QRectF(left, list.top(), std::max(2.0, right - left), list.height()) & list;
            if (box.isEmpty())
                continue;
            painter.setPen(quiet);
            painter.drawRect(box.adjusted(0, 0, -1, -1));
            const QString text = painter.fontMetrics().elidedText(segment.label, Qt::ElideRight, int(box.width()) - 8);
            painter.drawText(box.adjusted(4, 0, 0, 0), Qt::AlignVCenter, text);
        }
    }
    if (m_longestStep <= 0.0)
        return;
    // How long each frame stays on screen: a level line in a steady clip.
    const auto yOf = [&](double step) { return rect.bottom() - 1.0 - 0.8 * rect.height() * std::min(1.0, step / m_longestStep); };
    painter.setPen(Qt::NoPen);
    painter.setBrush(alertColor(isDark(palette())));
    for (const FrameIndex frame : m_gaps) {
        const double left = xOfFrame(frame), right = xOfFrame(frame + 1);
        painter.drawRect(QRectF(left, rect.top(), std::max(2.0, right - left), rect.height()) & rect);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(palette().color(QPalette::Text));
    const std::vector<FrameIndex> columns = framesOfColumns(m_axis, m_clip.clock());
    for (std::size_t x = 0; x + 1 < columns.size(); ++x) {
        double low = 1e9, high = -1e9;
        const FrameIndex end = std::max(columns[x] + 1, columns[x + 1]);
        for (FrameIndex n = columns[x]; n < std::min<FrameIndex>(end, FrameIndex(m_steps.size())); ++n) {
            low = std::min(low, m_steps[std::size_t(n)]);
            high = std::max(high, m_steps[std::size_t(n)]);
        }
        if (high >= low)
            painter.drawLine(QPointF(rect.left() + double(x), yOf(low) + 0.5), QPointF(rect.left() + double(x), yOf(high) - 0.5));
    }
}

void HistoryView::paintTraces(QPainter &painter, const QRectF &rect) const
{
    const bool dark = isDark(palette());
    for (const HistoryEvent &one : m_events) {
        const Event &event = one.event;
        const bool alerts = one.suspicious;
        QColor color = alerts ? alertColor(dark) : quietText(palette());
        const double left = xOfFrame(event.range.begin), right = xOfFrame(event.range.end);
        // Stretches are boxes, single frames are ticks; what has ordinary causes is quiet and lower.
        const bool tick = event.range.length() <= 1;
        const double height = (alerts ? 0.9 : 0.45) * rect.height();
        if (!tick)
            color.setAlphaF(0.6F);
        painter.fillRect(QRectF(left, rect.bottom() - height, tick ? 2.0 : std::max(2.0, right - left), height) & rect, color);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(alertColor(dark), 1.5));
    for (const CopiedStretch &copy : m_copies) { // from the middle of the original to that of the copy
        const double from = 0.5 * (xOfFrame(copy.original.begin) + xOfFrame(copy.original.end));
        const double to = 0.5 * (xOfFrame(copy.copy.begin) + xOfFrame(copy.copy.end));
        QPainterPath arc(QPointF(from, rect.bottom()));
        arc.quadTo(QPointF(0.5 * (from + to), rect.top() - 0.8 * rect.height()), QPointF(to, rect.bottom()));
        painter.drawPath(arc);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (m_events.empty()) {
        painter.setPen(quietText(palette()));
        painter.drawText(rect.adjusted(6, 0, 0, 0), Qt::AlignVCenter,
                         m_clip.results().empty() ? tr("analyse the clip to look for traces") : tr("none found"));
    }
}

QString HistoryView::laneName(Lane lane)
{
    static const std::array<const char *, LaneCount> kNames{QT_TR_NOOP("Size"), QT_TR_NOOP("Quantiser"),
                                                            QT_TR_NOOP("Groups"), QT_TR_NOOP("Earlier"),
                                                            QT_TR_NOOP("Clock"), QT_TR_NOOP("Traces")};
    return tr(kNames[std::size_t(lane)]);
}

std::pair<QString, QString> HistoryView::laneScale(Lane lane) const
{
    switch (lane) {
    case Sizes:
        return {m_mostBytes > 0 ? sizeText(m_mostBytes).section(u" ("_s, 0, 0) : QString(), {}};
    case Quantiser:
        if (m_mostQp < m_leastQp)
            return {};
        return {numberText(m_mostQp), m_mostQp > m_leastQp ? numberText(m_leastQp) : QString()};
    case Clock:
    {
        const QString step = m_usualStep > 0.0 ? quantityText(1000.0 * m_usualStep, u"ms"_s) : QString();
        return m_edits.empty() ? std::pair(step, QString()) : std::pair(QString(), step); // at its line
    }
    default:
        return {};
    }
}

void HistoryView::paintLabels(QPainter &painter) const
{
    const bool dark = isDark(palette());
    painter.setFont(textFont(font(), TextSize::Small));
    const int line = painter.fontMetrics().height();
    for (int i = 0; i < LaneCount; ++i) {
        const QRectF lane = laneRect(Lane(i));
        const QRectF column(4, lane.top(), labelWidth() - 10, lane.height());
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(column, Qt::AlignTop | Qt::AlignLeft, laneName(Lane(i)));
        painter.setPen(quietText(palette()));
        const auto [high, low] = laneScale(Lane(i));
        if (!high.isEmpty() && lane.height() >= 2 * line)
            painter.drawText(column, Qt::AlignTop | Qt::AlignRight, high);
        if (!low.isEmpty() && lane.height() >= (high.isEmpty() ? 1 : 2) * line)
            painter.drawText(column, Qt::AlignBottom | Qt::AlignRight, low);
        painter.setPen(palette().color(QPalette::Mid));
        if (i > 0)
            painter.drawLine(QPointF(0, lane.top() - 2.0), QPointF(width(), lane.top() - 2.0));
    }
    const QRectF sizes = laneRect(Sizes);
    double x = 4.0;
    for (const char type : {'I', 'P', 'B'}) {
        painter.setPen(typeColor(type, dark));
        painter.drawText(QRectF(x, sizes.top() + 1.2 * line, 20, line), QString(QLatin1Char(type)));
        x += painter.fontMetrics().horizontalAdvance(u'I') + 10.0;
    }
    const AxisTicks ticks = timeTicks(m_axis.start(), m_axis.end(), std::max(2, m_axis.width() / 90));
    painter.setPen(quietText(palette()));
    const double last = width() - painter.fontMetrics().horizontalAdvance(u"0:00:00"_s);
    for (const double seconds : ticks.values) {
        const double at = labelWidth() + m_axis.xOf(seconds);
        painter.drawLine(QPointF(at, laneRect(Traces).bottom()), QPointF(at, laneRect(Traces).bottom() + 4));
        if (at < last)
            painter.drawText(QPointF(at + 3, height() - 4.0), timeTickText(seconds, ticks.step));
    }
}

void HistoryView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().base());
    if (m_clip.ledger().entries.empty())
        return;
    paintLabels(painter);
    painter.setClipRect(QRectF(labelWidth(), 0, m_axis.width(), height()));
    paintSizes(painter, laneRect(Sizes));
    paintQuantiser(painter, laneRect(Quantiser));
    paintGroups(painter, laneRect(Groups));
    paintEarlier(painter, laneRect(Earlier));
    paintClock(painter, laneRect(Clock));
    paintTraces(painter, laneRect(Traces));
    const double x = xOfFrame(m_clip.playhead());
    painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
    painter.drawLine(QPointF(x, 0), QPointF(x, laneRect(Traces).bottom()));
    painter.setClipping(false);
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

} // namespace fw
