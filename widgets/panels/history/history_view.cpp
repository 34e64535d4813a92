// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/history/history_view.h"

#include "panels/common/theme.h"
#include "paint/axis.h"
#include "stats/quantile.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

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
    m_earlier = earlierEncoding(m_clip);
    m_copies = copiedStretches(m_clip);
    m_steps = clockSteps(ledger);
    m_longestStep = m_steps.empty() ? 0.0 : *std::max_element(m_steps.begin(), m_steps.end());
    m_usualStep = median(m_steps).value_or(0.0);
    m_longestStep = std::min(m_longestStep, 4.0 * m_usualStep); // one long gap must not flatten the rest
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
    m_events = historyEvents(m_clip);
    m_axis.setSpan(clipSpan(m_clip.clock()), m_clip.clock().frameCount);
    m_axis.setWidth(std::max(1, width() - labelWidth()));
    update();
}

int HistoryView::labelWidth() const
{
    const QFontMetrics small(textFont(font(), TextSize::Small));
    return small.horizontalAdvance(laneName(Quantiser)) + small.horizontalAdvance(u"000.0 kB"_s) + 20;
}

QRectF HistoryView::laneRect(Lane lane) const
{
    static constexpr std::array<double, LaneCount> kShares{0.28, 0.16, 0.10, 0.16, 0.16, 0.14};
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

QString HistoryView::textAt(const QPoint &point) const
{
    const Ledger &ledger = m_clip.ledger();
    if (ledger.entries.empty())
        return {};
    if (point.x() < labelWidth()) {
        for (int i = 0; i < LaneCount; ++i) {
            if (point.y() < laneRect(Lane(i)).bottom())
                return laneAbout(Lane(i));
        }
        return {};
    }
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
    if (std::size_t(frame) < m_steps.size())
        lines << tr("at %1 s, on screen for %2 ms").arg(QString::number(ledger.seconds(frame), 'f', 3))
                     .arg(numberText(1000.0 * m_steps[std::size_t(frame)]));
    if (std::size_t(frame) < m_earlier.peaks.size() && m_earlier.expected[std::size_t(frame)])
        lines << tr("key frame of an earlier encoding expected here");
    for (const FrameRange &range : m_earlier.breaks) {
        if (range.begin <= frame && frame < range.end)
            lines << tr("that rhythm breaks between frame %1 and frame %2").arg(range.begin).arg(range.end - 1);
    }
    if (std::find(m_gaps.begin(), m_gaps.end(), frame) != m_gaps.end())
        lines << tr("the clock has a gap behind it");
    for (const auto &[event, suspicious] : m_events) {
        if (event.range.begin <= frame && frame < event.range.end)
            lines << event.label;
    }
    return lines.join(u'\n');
}

QString HistoryView::laneAbout(Lane lane) const
{
    switch (lane) {
    case Sizes:
        return tr("Bytes of each picture, on a square root scale. I: key pictures, coded by themselves. P: predicted from "
                  "earlier ones. B: predicted from both sides.");
    case Quantiser:
        return tr("Mean quantiser of each picture: the higher, the coarser it was coded. Of the codec's own scale.");
    case Groups:
        return tr("From one key picture to the next, with the number of frames.");
    case Earlier:
        return tr("Frames that were predicted worse than those around them, as the key frames of an earlier encoding are. "
                  "Coloured where a rhythm expects one; the colour changes where the rhythm breaks, and the shaded "
                  "stretch holds the break.");
    case Clock:
        return tr("How long each frame stays on screen by its time stamps, usually %1 ms; gaps stand out. Above it, what "
                  "the container's edit list shows.").arg(numberText(1000.0 * m_usualStep));
    case Traces:
        return tr("What methods of video forensics found: stretches and, as ticks, single frames. Low and grey: with "
                  "ordinary causes. Arcs join copied stretches with their originals.");
    case LaneCount:
        break;
    }
    return {};
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
