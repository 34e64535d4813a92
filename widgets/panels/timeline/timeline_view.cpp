// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/timeline_view.h"

#include "paint/color_map.h"
#include "panels/common/theme.h"
#include "panels/timeline/ruler_painter.h"
#include "panels/timeline/thumbnail_strip.h"

#include <QBoxLayout>
#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kLiveMs = 250; ///< faces and progress arrive in bursts while an analysis runs

} // namespace

TimelineView::TimelineView(ClipModel &clip, QWidget *parent)
    : TimeView(clip, parent), m_thumbnails(new ThumbnailStrip(clip, this))
{
    setAccessibleName(tr("Timeline"));
    makeButtons();

    m_facesTimer.setSingleShot(true);
    m_facesTimer.setInterval(kLiveMs);
    m_progressTimer.setSingleShot(true);
    m_progressTimer.setInterval(kLiveMs);
    connect(&m_progressTimer, &QTimer::timeout, this, &TimelineView::rebuildLanes);
    connect(&clip, &ClipModel::progressChanged, this, [this] {
        if (!m_progressTimer.isActive())
            m_progressTimer.start();
    });
    connect(&m_facesTimer, &QTimer::timeout, this, &TimelineView::rebuildFaces);
    connect(&clip, &ClipModel::observationsChanged, this, [this] {
        if (!m_facesTimer.isActive())
            m_facesTimer.start();
    });
    connect(&clip, &ClipModel::clipChanged, this, &TimelineView::rebuildFaces);
    for (const auto signal : {&ClipModel::resultsChanged, &ClipModel::manifestsChanged,
                              &ClipModel::runningChanged})
        connect(&clip, signal, this, &TimelineView::rebuildLanes);
    connect(&clip, &ClipModel::marksChanged, this, &TimelineView::repaintAll);
    connect(m_thumbnails, &ThumbnailStrip::changed, this, &TimelineView::repaintAll);
    updateClock();
    rebuildFaces();
}

TimelineView::~TimelineView() = default;

void TimelineView::makeButtons()
{
    m_buttons = new QWidget(viewport());
    auto *row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(4, 0, 4, 0);
    row->setSpacing(2);
    const auto add = [&](const QString &text, const QString &name) {
        auto *button = new QToolButton;
        button->setText(text);
        button->setToolTip(name);
        button->setAccessibleName(name);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
        return button;
    };
    connect(add(tr("Fit"), tr("Show the whole clip (0)")), &QToolButton::clicked, this, &TimelineView::fit);
    connect(add(u"−"_s, tr("Zoom out (−)")), &QToolButton::clicked, this, &TimelineView::zoomOut);
    connect(add(u"+"_s, tr("Zoom in at the playhead (+)")), &QToolButton::clicked, this, &TimelineView::zoomIn);
    auto *pictures = add(tr("Pictures"), tr("Show small pictures above the lanes"));
    pictures->setCheckable(true);
    pictures->setChecked(true);
    connect(pictures, &QToolButton::toggled, this, &TimelineView::setPicturesShown);
    row->addStretch();
}

int TimelineView::pictureHeight() const
{
    return m_pictures && m_clip.provider() ? std::clamp(viewport()->height() / 5, 36, 72) : 0;
}

int TimelineView::labelWidth() const
{
    // Room for the buttons, yet never more than a third of a narrow window.
    const int wanted = std::max(m_buttons->sizeHint().width(), fontMetrics().averageCharWidth() * 26);
    return std::clamp(wanted, 60, std::max(60, viewport()->width() / 3));
}

QSize TimelineView::sizeHint() const
{
    return {900, rulerHeight() + 56 + fontMetrics().height() * 12};
}

QSize TimelineView::minimumSizeHint() const
{
    return {320, rulerHeight() + 36 + fontMetrics().height() * 4};
}

void TimelineView::rebuildFaces()
{
    m_facesTimer.stop();
    m_faces = facePresence(m_clip.observations());
    rebuildLanes();
}

void TimelineView::rebuildLanes()
{
    m_progressTimer.stop();
    m_lanes = makeLanes(m_clip, m_faces, {m_expanded, fontMetrics().height()});
    m_current = std::clamp(m_current, 0, std::max(0, int(m_lanes.size()) - 1));
    setAccessibleDescription(tr("%1 frames, %2; %3 faces, %4 methods with results")
                                 .arg(m_clip.clock().frameCount)
                                 .arg(clockText(m_clip.clock().duration()))
                                 .arg(m_faces.size())
                                 .arg(m_clip.results().size()));
    relayout();
}

int TimelineView::contentHeight() const
{
    return m_lanes.empty() || !m_clip.provider() ? 0 : m_lanes.back().top + m_lanes.back().height;
}

void TimelineView::relayout()
{
    m_buttons->setGeometry(0, 0, labelWidth(), std::max(rulerHeight(), m_buttons->sizeHint().height()));
    m_buttons->setVisible(m_clip.provider() != nullptr);
    TimeView::relayout();
    tellTime();
}

QRect TimelineView::laneRect(int lane) const
{
    if (lane < 0 || lane >= int(m_lanes.size()))
        return {};
    const QRect track = trackRect();
    const TimelineLane &l = m_lanes[std::size_t(lane)];
    const QRect whole(track.left(), track.top() + l.top - verticalScrollBar()->value(), track.width(), l.height);
    return whole.intersected(track);
}

int TimelineView::laneAt(int y) const
{
    const int inside = y - headerHeight() + verticalScrollBar()->value();
    if (y < headerHeight())
        return -1;
    const auto it = std::find_if(m_lanes.begin(), m_lanes.end(),
                                 [=](const TimelineLane &lane) { return lane.contains(inside); });
    return it == m_lanes.end() ? -1 : int(it - m_lanes.begin());
}

FrameRange TimelineView::framesUnder(int x) const
{
    // Three pixels wide, so that a thin tick can be hit.
    const double at = x - labelWidth();
    const FrameIndex first = frameAt(m_clip.clock(), m_axis.secondsAt(at - 1));
    const FrameIndex here = frameAt(m_clip.clock(), m_axis.secondsAt(at));
    const FrameIndex last = frameAt(m_clip.clock(), m_axis.secondsAt(at + 1));
    return m_axis.pixelsPerFrame() > 3 ? FrameRange{here, here + 1} : FrameRange{first, std::max(first, last) + 1};
}

void TimelineView::paintEmpty(QPainter &painter)
{
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    painter.setPen(quietText(palette()));
    painter.setFont(font());
    painter.drawText(viewport()->rect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap,
                     m_clip.provider()
                         ? tr("Reading the frames of the clip …")
                         : tr("No file is open. Its pictures, faces and measurements appear here over time."));
}

void TimelineView::paintContent(QPainter &painter)
{
    const LaneScene scene = this->scene();
    const QRect track = trackRect();
    const int ruler = rulerHeight();
    const QColor line = palette().color(QPalette::Mid);

    painter.setClipRect(0, track.top(), viewport()->width(), track.height());
    const int scrolled = verticalScrollBar()->value();
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        const TimelineLane &lane = m_lanes[i];
        const int top = track.top() + lane.top - scrolled;
        if (top + lane.height <= track.top() || top > viewport()->height())
            continue;
        const QRect row(track.left(), top, track.width(), lane.height - 1);
        const QRect label(0, top, track.left(), lane.height - 1);
        painter.fillRect(label, palette().color(QPalette::Window));
        paintLaneLabel(painter, label, lane, scene, int(i) == m_current && hasFocus());
        paintLane(painter, row, lane, scene, m_asHeat.contains(lane.key));
        painter.setClipRect(0, track.top(), viewport()->width(), track.height());
        painter.fillRect(QRect(0, top + lane.height - 1, viewport()->width(), 1),
                         palette().color(QPalette::AlternateBase));
    }
    painter.setClipping(false);
    painter.fillRect(QRect(0, 0, viewport()->width(), ruler), palette().color(QPalette::Window));
    paintRuler(painter, QRect(track.left(), 0, track.width(), ruler), scene);
    if (pictureHeight() > 0)
        paintPictures(painter, QRect(track.left(), ruler, track.width(), pictureHeight()));
    painter.fillRect(QRect(0, ruler, track.left(), pictureHeight()), palette().color(QPalette::Window));
    painter.fillRect(QRect(0, track.top() - 1, viewport()->width(), 1), line);
    painter.fillRect(QRect(track.left() - 1, 0, 1, viewport()->height()), line);
}

void TimelineView::paintPictures(QPainter &painter, const QRect &rect)
{
    painter.save();
    painter.setClipRect(rect);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QSize size(m_thumbnails->widthFor(rect.height() - 2), rect.height() - 2);
    for (const ThumbnailStrip::Slot &slot : m_thumbnails->slotsFor(m_axis, size)) {
        const QRectF place(rect.left() + slot.x, rect.top() + 1, size.width(), size.height());
        if (slot.picture)
            painter.drawPixmap(place, *slot.picture, QRectF(slot.picture->rect()));
        else
            painter.fillRect(place.adjusted(0, 0, -1, 0), palette().color(QPalette::AlternateBase));
    }
    painter.restore();
}

void TimelineView::setPicturesShown(bool shown)
{
    m_pictures = shown;
    relayout();
}

void TimelineView::expandAll(bool expanded)
{
    m_expanded.clear();
    if (expanded)
        for (const TimelineLane &lane : m_lanes)
            if (lane.expandable)
                m_expanded.insert(lane.key);
    rebuildLanes();
}

void TimelineView::activateRow(int lane)
{
    if (lane < 0 || lane >= int(m_lanes.size()) || !m_lanes[std::size_t(lane)].expandable)
        return;
    const QString key = m_lanes[std::size_t(lane)].key;
    if (!m_expanded.remove(key))
        m_expanded.insert(key);
    rebuildLanes();
}

void TimelineView::setCurrentRow(int lane)
{
    if (m_lanes.empty())
        return;
    m_current = std::clamp(lane, 0, int(m_lanes.size()) - 1);
    const TimelineLane &l = m_lanes[std::size_t(m_current)];
    QScrollBar *bar = verticalScrollBar();
    if (l.top < bar->value())
        bar->setValue(l.top);
    else if (l.top + l.height > bar->value() + trackRect().height())
        bar->setValue(l.top + l.height - trackRect().height());
    repaintAll();
}

} // namespace fw
