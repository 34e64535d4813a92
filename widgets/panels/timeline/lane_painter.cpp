// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/timeline/lane_painter.h"

#include "paint/color_map.h"
#include "paint/decimate.h"
#include "panels/common/theme.h"
#include "panels/findings/finding_delegate.h"
#include "panels/timeline/blink_editing.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kPixelsForLine = 3.0; ///< wider samples are joined by a line, denser ones by columns
constexpr int kEventHeight = 6;

/// The pixels of frames [begin, end), at least `least` wide; empty when out of view.
QRectF spanRect(const FrameRange &range, const QRect &rect, const LaneScene &scene, double least)
{
    const double left = scene.xOfFrame(range.begin);
    const double right = std::max(scene.xOfFrame(range.end), left + least);
    if (right < 0 || left > rect.width())
        return {};
    const double from = std::max(left, -2.0), to = std::min(right, rect.width() + 2.0);
    return {rect.left() + from, double(rect.top()), to - from, double(rect.height())};
}

double yOf(double value, const QRectF &area, const AxisRange &range)
{
    const double share = (value - range.low) / range.length();
    return area.bottom() - std::clamp(share, 0.0, 1.0) * area.height();
}

void paintLine(QPainter &painter, const QRectF &area, const Trace &trace, const AxisRange &range,
               const LaneScene &scene)
{
    // One sample on either side of the view, so that lines run to its edges.
    const FrameIndex from = scene.columns.front(), to = scene.columns.back();
    auto at = std::lower_bound(trace.frames.begin(), trace.frames.end(), from);
    if (at != trace.frames.begin())
        --at;
    QPolygonF line;
    const auto flush = [&] {
        if (line.size() == 1)
            painter.drawPoint(line.front());
        else if (line.size() > 1)
            painter.drawPolyline(line);
        line.clear();
    };
    painter.setRenderHint(QPainter::Antialiasing);
    for (; at != trace.frames.end(); ++at) {
        const double value = trace.values[std::size_t(at - trace.frames.begin())];
        if (std::isnan(value)) {
            flush();
        } else {
            const double middle = (scene.xOfFrame(*at) + scene.xOfFrame(*at + 1)) / 2.0;
            line << QPointF(area.left() + middle, yOf(value, area, range));
        }
        if (*at > to)
            break;
    }
    flush();
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintColumns(QPainter &painter, const QRectF &area, const std::vector<TraceColumn> &columns,
                  const AxisRange &range)
{
    std::vector<QLineF> lines;
    lines.reserve(columns.size());
    for (std::size_t x = 0; x < columns.size(); ++x) {
        const TraceColumn &column = columns[x];
        if (!column.any)
            continue;
        double low = column.low, high = column.high;
        if (x > 0 && columns[x - 1].any) { // touch the neighbour, so that the curve has no gaps
            low = std::min(low, columns[x - 1].high);
            high = std::max(high, columns[x - 1].low);
        }
        const double px = area.left() + double(x);
        lines.emplace_back(px, yOf(low, area, range), px, yOf(high, area, range) - 0.5);
    }
    painter.drawLines(lines.data(), int(lines.size()));
}

/// What the trace states as uncertain, or as usual: as on the charts.
void paintBand(QPainter &painter, const QRectF &area, const Trace &trace, const AxisRange &range,
               const LaneScene &scene, QColor fill)
{
    if (trace.lower.size() != trace.frames.size() || trace.upper.size() != trace.frames.size())
        return;
    std::vector<double> middles(trace.frames.size()); // px in the lane
    std::ranges::transform(trace.frames, middles.begin(), [&](FrameIndex frame) {
        return (scene.xOfFrame(frame) + scene.xOfFrame(frame + 1)) / 2.0;
    });
    fill.setAlpha(60);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    for (const BandPiece &piece : decimateBand(middles, trace.lower, trace.upper, 0.0, area.width(),
                                               std::max(1, int(area.width())))) {
        QPolygonF outline;
        for (const QPointF &p : piece.lower)
            outline << QPointF(area.left() + p.x(), yOf(p.y(), area, range));
        for (auto p = piece.upper.rbegin(); p != piece.upper.rend(); ++p)
            outline << QPointF(area.left() + p->x(), yOf(p->y(), area, range));
        painter.drawPolygon(outline);
    }
    painter.setBrush(Qt::NoBrush);
}

void paintHeat(QPainter &painter, const QRectF &area, const std::vector<TraceColumn> &columns,
               const AxisRange &range)
{
    QImage strip(int(columns.size()), 1, QImage::Format_ARGB32);
    strip.fill(Qt::transparent);
    auto *pixels = reinterpret_cast<QRgb *>(strip.scanLine(0));
    for (std::size_t x = 0; x < columns.size(); ++x)
        if (columns[x].any)
            pixels[x] = colorAt(u"viridis"_s, (columns[x].mean - range.low) / range.length()).rgba();
    painter.drawImage(area, strip);
}

void paintTrace(QPainter &painter, const QRect &rect, const TimelineLane &lane, const LaneScene &scene,
                bool asHeat)
{
    const Trace &trace = *lane.trace;
    if (trace.frames.empty() || trace.frames.size() != trace.values.size())
        return;
    const AxisRange &range = lane.valueRange();
    const QRectF area(rect.left(), rect.top() + 3, rect.width(), rect.height() - 6);
    if (asHeat)
        return paintHeat(painter, area, columnsOf(trace, scene), range);
    const int color = trace.track ? number(*trace.track) : 0;
    paintBand(painter, area, trace, range, scene, seriesColor(color));
    QColor dash = quietText(scene.palette);
    painter.setPen(QPen(dash, 1, Qt::DashLine));
    for (const Threshold &threshold : trace.thresholds) {
        const double y = yOf(threshold.value, area, range);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    const double framesPerSample = double(trace.frames.back() - trace.frames.front() + 1)
        / double(trace.frames.size());
    const bool wide = scene.axis.pixelsPerFrame() * framesPerSample >= kPixelsForLine;
    painter.setPen(QPen(seriesColor(color), wide ? 1.5 : 1.0));
    if (wide)
        paintLine(painter, area, trace, range, scene);
    else
        paintColumns(painter, area, columnsOf(trace, scene), range);
}

void paintFindings(QPainter &painter, const QRect &rect, const TimelineLane &lane, const LaneScene &scene)
{
    for (const Finding &finding : lane.result->result.findings) {
        // A span that covers the whole clip says nothing about where: the label's square does.
        if (!finding.range || finding.range->length() >= scene.clip.clock().frameCount)
            continue;
        if (finding.verdict != Verdict::Suspicious && finding.verdict != Verdict::Inconclusive)
            continue;
        const QRectF span = spanRect(*finding.range, rect, scene, 2.0);
        if (span.isEmpty())
            continue;
        QColor tint = verdictColor(finding.verdict, scene.dark);
        painter.fillRect(QRectF(span.left(), span.top(), span.width(), 2), tint);
        tint.setAlpha(finding.verdict == Verdict::Suspicious ? 70 : 40);
        painter.fillRect(span, tint);
        const double side = 12;
        if (span.width() >= side + 4)
            paintVerdictSquare(painter, {span.left() + 2, span.top() + 4, side, side}, finding.verdict,
                               scene.dark);
    }
}

/// What the examiner says of the method's blinks: rejected ones are crossed out, added ones framed.
void paintCorrections(QPainter &painter, const QRect &rect, const TimelineLane &lane, const LaneScene &scene)
{
    const auto track = lane.trace && lane.trace->track ? lane.trace->track : blinkTrack(scene.clip);
    if (!track)
        return;
    const CorrectedBlinks blinks = blinksNow(scene.clip, *track);
    const int high = kEventHeight + 4;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const auto &[events, colour] : {std::pair(&blinks.rejected, u"#d9534f"_s), std::pair(&blinks.added, u"#3fae6a"_s)}) {
        painter.setPen(QPen(QColor(colour), 2));
        for (const Event &event : *events) {
            const QRectF span = spanRect(event.range, rect, scene, 8.0);
            if (span.isEmpty())
                continue;
            const QRectF box(span.left(), rect.bottom() - high, span.width(), high);
            if (events == &blinks.added) {
                painter.drawRect(box);
            } else {
                painter.drawLine(box.topLeft(), box.bottomRight());
                painter.drawLine(box.bottomLeft(), box.topRight());
            }
        }
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintEvents(QPainter &painter, const QRect &rect, const TimelineLane &lane, const LaneScene &scene)
{
    const Measurements &m = lane.result->result.measured;
    QStringList kinds;
    double lastX = -10;
    for (const Event &event : m.events) {
        if (lane.kind == TimelineLane::Kind::Trace && event.track && lane.trace && lane.trace->track
            && *event.track != *lane.trace->track)
            continue; // another face's event
        if (!kinds.contains(event.kind))
            kinds << event.kind;
        const QRectF span = spanRect(event.range, rect, scene, 3.0);
        if (span.isEmpty() || (span.width() <= 3.0 && span.left() - lastX < 1.0))
            continue; // already drawn by its neighbour
        lastX = span.left();
        painter.fillRect(QRectF(span.left(), rect.bottom() - kEventHeight, span.width(), kEventHeight),
                         seriesColor(int(kinds.indexOf(event.kind)) + 1));
    }
    if (holdsBlinks(lane.pluginId))
        paintCorrections(painter, rect, lane, scene);
    painter.setPen(Qt::NoPen);
    painter.setBrush(scene.palette.color(QPalette::Text));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const HeatMap &map : m.heatMaps) {
        const double x = rect.left() + scene.xOfFrame(map.frame), y = rect.top() + 5;
        if (x < rect.left() - 4 || x > rect.right() + 4 || lane.kind == TimelineLane::Kind::Trace)
            continue;
        painter.drawPolygon(QPolygonF{{x, y - 4}, {x + 4, y}, {x, y + 4}, {x - 4, y}});
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void paintMarks(QPainter &painter, const QRect &rect, const LaneScene &scene)
{
    painter.setFont(textFont(scene.font, TextSize::Small));
    const QFontMetrics metrics(painter.font());
    for (const Mark &mark : scene.clip.marks()) {
        const QRectF span = spanRect(mark.range, rect, scene, 4.0);
        if (mark.removed || span.isEmpty())
            continue;
        const QColor color = QColor::isValidColor(mark.color) ? QColor(mark.color) : seriesColor(1);
        painter.fillRect(span.adjusted(0, 3, 0, -3), color);
        const int room = 140;
        painter.setPen(scene.palette.color(QPalette::Text));
        painter.drawText(QRectF(span.left() + 6 + (span.width() > 8 ? 0 : span.width()), rect.top(), room,
                                rect.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(mark.label, Qt::ElideRight, room));
    }
}

} // namespace

std::vector<TraceColumn> columnsOf(const Trace &trace, const LaneScene &scene)
{
    std::vector<TraceColumn> columns(scene.columns.size() - 1);
    std::size_t at = 0;
    for (std::size_t x = 0; x < columns.size(); ++x) {
        const FrameRange frames = scene.framesOf(int(x));
        if (at >= trace.frames.size() || trace.frames[at] < frames.begin || x == 0)
            at = std::size_t(std::lower_bound(trace.frames.begin(), trace.frames.end(), frames.begin)
                             - trace.frames.begin());
        TraceColumn &column = columns[x];
        double sum = 0.0;
        int count = 0;
        std::size_t i = at;
        for (; i < trace.frames.size() && trace.frames[i] < frames.end; ++i) {
            const double value = trace.values[i];
            if (std::isnan(value))
                continue;
            column.low = count ? std::min(column.low, value) : value;
            column.high = count ? std::max(column.high, value) : value;
            sum += value;
            ++count;
        }
        column.any = count > 0;
        column.mean = count ? sum / count : 0.0;
        at = i > at ? i - 1 : at; // the next column may show the same frame
    }
    return columns;
}

void paintLane(QPainter &painter, const QRect &rect, const TimelineLane &lane, const LaneScene &scene,
               bool asHeat)
{
    painter.save();
    painter.setClipRect(rect);
    if (lane.kind == TimelineLane::Kind::Marks) {
        paintMarks(painter, rect, scene);
    } else if (lane.kind == TimelineLane::Kind::Face) {
        for (const FrameRange &range : lane.present) {
            const QRectF span = spanRect(range, rect, scene, 1.0);
            if (!span.isEmpty())
                painter.fillRect(span.adjusted(0, 5, 0, -5), seriesColor(number(lane.track)));
        }
    } else {
        if (lane.trace)
            paintTrace(painter, rect, lane, scene, asHeat);
        if (lane.result) {
            paintFindings(painter, rect, lane, scene);
            paintEvents(painter, rect, lane, scene);
        }
    }
    if (!lane.message.isEmpty()) {
        painter.setFont(textFont(scene.font, TextSize::Small));
        painter.setPen(quietText(scene.palette));
        painter.drawText(rect.adjusted(8, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(lane.message, Qt::ElideRight, rect.width() - 16));
    }
    painter.restore();
}

void paintLaneLabel(QPainter &painter, const QRect &rect, const TimelineLane &lane,
                    const LaneScene &scene, bool current)
{
    painter.save();
    painter.setClipRect(rect);
    if (current)
        painter.fillRect(rect, scene.palette.color(QPalette::Highlight));
    const QColor ink = scene.palette.color(current ? QPalette::HighlightedText : QPalette::WindowText);
    int left = rect.left() + 6 + 14 * lane.depth;
    const int middle = rect.top() + rect.height() / 2;
    if (lane.expandable) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ink);
        const double x = left + 4, y = middle;
        painter.drawPolygon(lane.expanded
                                ? QPolygonF{{x - 4, y - 2}, {x + 4, y - 2}, {x, y + 3}}
                                : QPolygonF{{x - 2, y - 4}, {x + 3, y}, {x - 2, y + 4}});
    }
    left += 14;
    if (lane.kind == TimelineLane::Kind::Method) {
        const auto worst = lane.result ? worstVerdict(*lane.result) : std::nullopt;
        const int side = std::min(16, rect.height() - 4);
        if (worst)
            paintVerdictSquare(painter, QRectF(left, middle - side / 2.0, side, side), *worst, scene.dark);
        left += side + 6;
    }
    QRect text(left, rect.top(), rect.right() - left - 4, rect.height());
    painter.setPen(ink);
    painter.setFont(scene.font);
    const QString title = painter.fontMetrics().elidedText(lane.title, Qt::ElideRight, text.width());
    if (lane.caption.isEmpty()) {
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, title);
    } else {
        const QFont small = textFont(scene.font, TextSize::Small);
        const int line = painter.fontMetrics().height(), below = QFontMetrics(small).height();
        const int top = rect.top() + (rect.height() - line - below) / 2;
        painter.drawText(QRect(text.left(), top, text.width(), line), Qt::AlignLeft | Qt::AlignVCenter, title);
        painter.setFont(small);
        painter.setPen(current ? ink : quietText(scene.palette));
        painter.drawText(QRect(text.left(), top + line, text.width(), below),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(lane.caption, Qt::ElideRight, text.width()));
    }
    painter.restore();
}

} // namespace fw
