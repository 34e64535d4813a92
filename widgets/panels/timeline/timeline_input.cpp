// SPDX-License-Identifier: GPL-3.0-or-later
// What the timeline does on mouse, wheel and keys; timeline_view.cpp draws it.
#include "panels/timeline/timeline_view.h"

#include "panels/timeline/blink_editing.h"
#include "panels/timeline/timeline_tip.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kEdgeReach = 5; ///< px on either side of an in or out point

/// The face whose blinks a lane shows; nullopt for lanes of other methods.
std::optional<TrackId> blinkTrackOf(const ClipModel &clip, const TimelineLane &lane)
{
    if (!holdsBlinks(lane.pluginId) || !lane.result)
        return std::nullopt;
    return lane.trace && lane.trace->track ? lane.trace->track : blinkTrack(clip);
}

} // namespace

TimelineView::Edge TimelineView::edgeAt(const QPoint &at) const
{
    if (at.y() < 0 || at.y() >= rulerHeight() || at.x() < labelWidth() - kEdgeReach)
        return Edge::None;
    const auto near = [&](FrameIndex boundary) { return std::abs(at.x() - xOfFrame(boundary)) <= kEdgeReach; };
    const auto in = m_clip.inPoint(), out = m_clip.outPoint();
    // Where both lie under the mouse, the one that has room to move there is meant.
    const bool onIn = in && near(*in), onOut = out && near(*out + 1);
    if (onIn && onOut)
        return at.x() < xOfFrame(*in) ? Edge::In : Edge::Out;
    return onIn ? Edge::In : onOut ? Edge::Out : Edge::None;
}

/// Moves the dragged point to the frame boundary nearest to the mouse; it stops at the other point.
void TimelineView::dragEdge(double x)
{
    const ClipClock &clock = m_clip.clock();
    const FrameIndex frame = frameAt(clock, m_axis.secondsAt(x));
    const double from = m_axis.xOf(frameStart(clock, frame)), to = m_axis.xOf(frameStart(clock, frame + 1));
    const FrameIndex boundary = x - from < to - x ? frame : frame + 1;
    const FrameIndex last = std::max<FrameIndex>(0, clock.frameCount - 1);
    auto in = m_clip.inPoint(), out = m_clip.outPoint();
    if (m_dragged == Edge::In)
        in = std::clamp<FrameIndex>(boundary, 0, out.value_or(last));
    else
        out = std::clamp<FrameIndex>(boundary - 1, in.value_or(0), last);
    if (in != m_clip.inPoint() || out != m_clip.outPoint())
        m_clip.setInOut(in, out);
}

void TimelineView::showCursorFor(const QPoint &at)
{
    const bool onEdge = m_dragged != Edge::None || (!m_seeking && !m_panning && edgeAt(at) != Edge::None);
    viewport()->setCursor(onEdge ? Qt::SizeHorCursor : Qt::ArrowCursor);
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    if (!m_clip.provider() || !hasClock())
        return;
    if (event->button() == Qt::LeftButton) {
        const QPoint at = event->position().toPoint();
        const int lane = laneAt(at.y());
        if (lane >= 0)
            setCurrentRow(lane);
        if (at.x() < labelWidth())
            return activateRow(lane);
        m_dragged = edgeAt(at);
        if (m_dragged != Edge::None)
            return;
    }
    TimeView::mousePressEvent(event);
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (m_dragged != Edge::None)
        dragEdge(at.x() - labelWidth());
    else
        TimeView::mouseMoveEvent(event);
    showCursorFor(at);
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    TimeView::mouseReleaseEvent(event);
    m_dragged = Edge::None;
    showCursorFor(event->position().toPoint());
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const int lane = laneAt(at.y());
    if (lane < 0 || event->button() != Qt::LeftButton)
        return;
    const TimelineLane &l = m_lanes[std::size_t(lane)];
    if (at.x() < labelWidth()) {
        if (!l.pluginId.isEmpty() && !l.expandable)
            Q_EMIT methodCardRequested(l.pluginId);
        return;
    }
    if (const Finding *finding = findingNear(l, framesUnder(at.x())))
        m_clip.selectFinding({l.pluginId, finding->id});
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    if (m_current >= 0 && m_current < int(m_lanes.size())) {
        const auto track = blinkTrackOf(m_clip, m_lanes[std::size_t(m_current)]);
        if (track && editBlinkByKey(m_clip, *track, *event))
            return;
    }
    TimeView::keyPressEvent(event);
}

void TimelineView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!m_clip.provider())
        return;
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const int lane = byKey ? m_current : laneAt(event->pos().y());
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (lane >= 0 && lane < int(m_lanes.size())) {
        const TimelineLane &l = m_lanes[std::size_t(lane)];
        const QString key = l.key, plugin = l.pluginId;
        if (const auto track = blinkTrackOf(m_clip, l)) {
            const FrameIndex frame = byKey ? m_clip.playhead() : framesUnder(event->pos().x()).begin;
            addBlinkActions(menu, m_clip, *track, frame);
        }
        if (l.expandable)
            menu->addAction(l.expanded ? tr("Fold the curves") : tr("Unfold the curves"), this,
                           [this, lane] { activateRow(lane); });
        if (l.trace) {
            QAction *heat = menu->addAction(tr("Draw as a strip of colours"));
            heat->setCheckable(true);
            heat->setChecked(m_asHeat.contains(key));
            connect(heat, &QAction::toggled, this, [this, key](bool on) {
                if (on)
                    m_asHeat.insert(key);
                else
                    m_asHeat.remove(key);
                repaintAll();
            });
        }
        if (!plugin.isEmpty())
            menu->addAction(tr("Show the method's card"), this,
                           [this, plugin] { Q_EMIT methodCardRequested(plugin); });
        menu->addSeparator();
    }
    menu->addAction(tr("Unfold all lanes"), this, [this] { expandAll(true); });
    menu->addAction(tr("Fold all lanes"), this, [this] { expandAll(false); });
    menu->addAction(tr("Show the whole clip"), this, &TimelineView::fit);
    menu->popup(byKey ? mapToGlobal(laneRect(lane).center()) : event->globalPos());
}

bool TimelineView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && m_clip.provider() && !m_clip.clock().seconds.empty()) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int lane = laneAt(help->pos().y());
        QString text;
        if (const Edge edge = edgeAt(help->pos()); edge != Edge::None)
            text = edge == Edge::In ? tr("In point: drag to move it (I sets it at the playhead)")
                                    : tr("Out point: drag to move it (O sets it at the playhead)");
        else if (help->pos().x() >= labelWidth())
            text = timelineTip(m_clip, lane < 0 ? nullptr : &m_lanes[std::size_t(lane)],
                               framesUnder(help->pos().x()));
        else if (lane >= 0)
            text = m_lanes[std::size_t(lane)].title + u'\n' + m_lanes[std::size_t(lane)].caption;
        // A tool tip takes rich text for what looks like it, and a plugin's text may.
        const QString shown = u"<p style='white-space:pre-wrap'>"_s + text.trimmed().toHtmlEscaped() + u"</p>"_s;
        QToolTip::showText(help->globalPos(), text.trimmed().isEmpty() ? QString() : shown, this);
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (!m_buttons)
        return;
    if (event->type() == QEvent::FontChange)
        rebuildLanes();
    else if (event->type() == QEvent::PaletteChange)
        repaintAll();
}

} // namespace fw
