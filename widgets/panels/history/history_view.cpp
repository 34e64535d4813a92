// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/history/history_view.h"

#include "panels/common/theme.h"
#include "paint/axis.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

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

QString typeName(char type)
{
    return type == '?' ? HistoryView::tr("unknown type") : HistoryView::tr("%1 picture").arg(QLatin1Char(type));
}

} // namespace

HistoryView::HistoryView(ClipModel &clip, QWidget *parent)
    : QWidget(parent)
    , m_clip(clip)
{
    setAccessibleName(tr("How the clip was coded"));
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(110);
    connect(&clip, &ClipModel::playheadChanged, this, qOverload<>(&QWidget::update));
    reload();
}

void HistoryView::reload()
{
    const Ledger &ledger = m_clip.ledger();
    const Trace *qp = traceNamed(m_clip, u"coding.qp"_s);
    m_groups = pictureGroups(ledger, qp);
    m_gaps = clockGaps(ledger);
    m_edits = m_clip.provider() ? editSegments(m_clip.provider()->facts()) : std::vector<EditSegment>{};
    m_mostBytes = 0;
    for (const LedgerEntry &entry : ledger.entries)
        m_mostBytes = std::max(m_mostBytes, entry.packetBytes);
    m_quantiser.assign(ledger.entries.size(), std::nan(""));
    m_leastQp = 1e9;
    m_mostQp = -1e9;
    for (std::size_t i = 0; qp && i < qp->frames.size(); ++i) {
        const FrameIndex frame = qp->frames[i];
        if (frame < 0 || frame >= ledger.count() || std::isnan(qp->values[i]))
            continue;
        m_quantiser[std::size_t(frame)] = qp->values[i];
        m_leastQp = std::min(m_leastQp, qp->values[i]);
        m_mostQp = std::max(m_mostQp, qp->values[i]);
    }
    m_events.clear();
    for (const MethodResult &result : m_clip.results()) {
        const Manifest *manifest = m_clip.manifest(result.record.pluginId);
        if (!manifest || manifest->family != u"video forensics")
            continue;
        m_events.insert(m_events.end(), result.result.measured.events.begin(), result.result.measured.events.end());
    }
    m_axis.setSpan(clipSpan(m_clip.clock()), m_clip.clock().frameCount);
    m_axis.setWidth(std::max(1, width() - labelWidth()));
    update();
}

int HistoryView::labelWidth() const
{
    return fontMetrics().horizontalAdvance(tr("Quantiser")) + 16;
}

QRectF HistoryView::laneRect(Lane lane) const
{
    static constexpr std::array<double, LaneCount> kShares{0.40, 0.22, 0.12, 0.13, 0.13};
    const double top = 4.0, bottom = fontMetrics().height() + 4.0;
    const double room = std::max(20.0, height() - top - bottom);
    double y = top;
    for (int i = 0; i < lane; ++i)
        y += kShares[std::size_t(i)] * room;
    return {double(labelWidth()), y, double(m_axis.width()), kShares[std::size_t(lane)] * room - 3.0};
}

double HistoryView::xOfFrame(FrameIndex frame) const
{
    return labelWidth() + m_axis.xOf(frameStart(m_clip.clock(), frame));
}

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

void HistoryView::paintClock(QPainter &painter, const QRectF &rect) const
{
    const QColor quiet = quietText(palette());
    painter.setPen(quiet);
    painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
    for (const EditSegment &segment : m_edits) {
        const double left = labelWidth() + m_axis.xOf(segment.begin), right = labelWidth() + m_axis.xOf(segment.end);
        const QRectF box = QRectF(left, rect.top() + 1, std::max(2.0, right - left), rect.height() - 2) & rect;
        if (box.isEmpty())
            continue;
        painter.setPen(quiet);
        painter.drawRect(box.adjusted(0, 0, -1, -1));
        const QString text = painter.fontMetrics().elidedText(segment.label, Qt::ElideRight, int(box.width()) - 8);
        painter.drawText(box.adjusted(4, 0, 0, 0), Qt::AlignVCenter, text);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(alertColor(isDark(palette())));
    for (const FrameIndex frame : m_gaps) {
        const double left = xOfFrame(frame), right = xOfFrame(frame + 1);
        painter.drawRect(QRectF(left, rect.top(), std::max(2.0, right - left), rect.height()) & rect);
    }
    painter.setBrush(Qt::NoBrush);
}

void HistoryView::paintTraces(QPainter &painter, const QRectF &rect) const
{
    const QColor alert = alertColor(isDark(palette()));
    for (const Event &event : m_events) {
        const double left = xOfFrame(event.range.begin), right = xOfFrame(event.range.end);
        QColor color = alert;
        color.setAlphaF(float(0.35 + 0.65 * std::clamp(event.strength, 0.0, 1.0)));
        painter.fillRect(QRectF(left, rect.top() + 2, std::max(2.0, right - left), rect.height() - 4) & rect, color);
    }
    if (m_events.empty()) {
        painter.setPen(quietText(palette()));
        painter.drawText(rect.adjusted(6, 0, 0, 0), Qt::AlignVCenter,
                         m_clip.results().empty() ? tr("analyse the clip to look for traces") : tr("none found"));
    }
}

void HistoryView::paintLabels(QPainter &painter) const
{
    static const std::array<const char *, LaneCount> kNames{QT_TR_NOOP("Size"), QT_TR_NOOP("Quantiser"),
                                                            QT_TR_NOOP("Groups"), QT_TR_NOOP("Clock"),
                                                            QT_TR_NOOP("Traces")};
    const bool dark = isDark(palette());
    painter.setFont(textFont(font(), TextSize::Small));
    for (int i = 0; i < LaneCount; ++i) {
        const QRectF lane = laneRect(Lane(i));
        painter.setPen(quietText(palette()));
        painter.drawText(QRectF(4, lane.top(), labelWidth() - 8, lane.height()), Qt::AlignTop | Qt::AlignLeft,
                         tr(kNames[std::size_t(i)]));
    }
    const QRectF sizes = laneRect(Sizes);
    double x = 4.0;
    for (const char type : {'I', 'P', 'B'}) {
        painter.setPen(typeColor(type, dark));
        painter.drawText(QRectF(x, sizes.top() + painter.fontMetrics().height(), 20, painter.fontMetrics().height()),
                         QString(QLatin1Char(type)));
        x += painter.fontMetrics().horizontalAdvance(u'I') + 10.0;
    }
    const AxisTicks ticks = timeTicks(m_axis.start(), m_axis.end(), std::max(2, m_axis.width() / 90));
    painter.setPen(quietText(palette()));
    for (const double seconds : ticks.values) {
        const double at = labelWidth() + m_axis.xOf(seconds);
        painter.drawLine(QPointF(at, laneRect(Traces).bottom()), QPointF(at, laneRect(Traces).bottom() + 4));
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

QString HistoryView::textAt(const QPoint &point) const
{
    const Ledger &ledger = m_clip.ledger();
    if (point.x() < labelWidth() || ledger.entries.empty())
        return {};
    const FrameIndex frame = frameAt(m_clip.clock(), m_axis.secondsAt(point.x() - labelWidth()));
    if (frame < 0 || frame >= ledger.count())
        return {};
    const LedgerEntry &entry = ledger.entries[std::size_t(frame)];
    QStringList lines{tr("Frame %1: %2, %3 bytes").arg(frame).arg(typeName(entry.pictureType)).arg(entry.packetBytes)};
    if (std::size_t(frame) < m_quantiser.size() && !std::isnan(m_quantiser[std::size_t(frame)]))
        lines << tr("mean quantiser %1").arg(numberText(m_quantiser[std::size_t(frame)]));
    for (const PictureGroup &group : m_groups) {
        if (group.frames.begin <= frame && frame < group.frames.end)
            lines << tr("group of %1 frames from frame %2").arg(group.frames.length()).arg(group.frames.begin);
    }
    if (std::find(m_gaps.begin(), m_gaps.end(), frame) != m_gaps.end())
        lines << tr("the clock has a gap behind it");
    for (const Event &event : m_events) {
        if (event.range.begin <= frame && frame < event.range.end)
            lines << event.label;
    }
    return lines.join(u'\n');
}

void HistoryView::resizeEvent(QResizeEvent *)
{
    m_axis.setWidth(std::max(1, width() - labelWidth()));
}

void HistoryView::seekTo(double x)
{
    m_clip.setPlayhead(frameAt(m_clip.clock(), m_axis.secondsAt(x - labelWidth())));
}

void HistoryView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        seekTo(event->position().x());
}

void HistoryView::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        seekTo(event->position().x());
}

void HistoryView::mouseDoubleClickEvent(QMouseEvent *)
{
    m_axis.fit();
    update();
}

void HistoryView::wheelEvent(QWheelEvent *event)
{
    const QPoint turned = event->angleDelta();
    if (event->modifiers() & Qt::ShiftModifier || turned.y() == 0)
        m_axis.scrollTo(m_axis.start() - (turned.x() + turned.y()) / m_axis.pixelsPerSecond());
    else
        m_axis.zoom(std::pow(1.0015, turned.y()), event->position().x() - labelWidth());
    update();
    event->accept();
}

void HistoryView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Left)
        m_clip.setPlayhead(m_clip.playhead() - 1);
    else if (event->key() == Qt::Key_Right)
        m_clip.setPlayhead(m_clip.playhead() + 1);
    else
        QWidget::keyPressEvent(event);
}

bool HistoryView::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace fw
