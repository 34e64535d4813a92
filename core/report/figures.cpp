// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures.h"

#include "paint/chart_layout.h"
#include "paint/chart_painter.h"
#include "paint/color_map.h"
#include "paint/overlay.h"
#include "report/words.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

constexpr std::size_t kKeptFrames = 3;
constexpr int kMaxWidth = 1280; // px; sharper than print needs, a hundredth of the case's size
constexpr double kChartAspect = 483.0 / 140.0;
constexpr double kColorBarWidth = 62.0;

} // namespace

struct FrameSource::Kept
{
    FrameIndex frame = -1;
    QImage image;
    QString problem;
};

FrameSource::FrameSource(const ReportEvidence &evidence)
    : m_evidence(evidence)
    , m_size(16, 9)
{
    if (const StreamFacts *video = evidence.evidence.facts.video();
        video && video->width > 0 && video->height > 0)
        m_size = {video->width, video->height};
}

FrameSource::Shown FrameSource::at(FrameIndex frame)
{
    const auto known =
        std::ranges::find_if(m_kept, [&](const auto &kept) { return kept->frame == frame; });
    if (known != m_kept.end())
        return {(*known)->image.isNull() ? nullptr : &(*known)->image, (*known)->problem};

    auto kept = std::make_shared<Kept>();
    kept->frame = frame;
    if (!m_evidence.frameAt) {
        kept->problem = u"picture not available"_s;
    } else if (const auto got = m_evidence.frameAt(frame); !got) {
        kept->problem = u"picture not available: "_s + got.error().text();
    } else if (!*got || (*got)->bgr.empty()) {
        kept->problem = u"picture not available: the frame is empty"_s;
    } else {
        const Ledger &ledger = m_evidence.ledger;
        const bool known = frame >= 0 && frame < ledger.count();
        if (known && (*got)->planes != ledger.entries[std::size_t(frame)].planes) {
            // Showing another picture under this frame's hash would be worse than none.
            kept->problem =
                u"picture not shown: it decodes to other pixels than the ledger recorded"_s;
        } else {
            kept->image = toQImage((*got)->bgr);
            if (kept->image.width() > kMaxWidth)
                kept->image = kept->image.scaledToWidth(kMaxWidth, Qt::SmoothTransformation);
        }
    }
    if (m_kept.size() >= kKeptFrames)
        m_kept.erase(m_kept.begin());
    m_kept.push_back(kept);
    return {kept->image.isNull() ? nullptr : &kept->image, kept->problem};
}

namespace {

void paintFrame(QPainter &painter, const QRectF &rect, FrameSource &frames, FrameIndex frame)
{
    const FrameSource::Shown shown = frames.at(frame);
    if (shown.image) {
        painter.save();
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(rect, *shown.image);
        painter.restore();
    } else {
        painter.fillRect(rect, QColor(0xf0, 0xf0, 0xf0));
        painter.setPen(QColor(0x50, 0x50, 0x50));
        painter.drawText(rect.adjusted(6, 6, -6, -6), Qt::AlignCenter | Qt::TextWordWrap,
                         shown.problem);
    }
    painter.setPen(QPen(QColor(0x90, 0x90, 0x90), 0.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect);
}

/// Everything that one method drew on one frame; owns what the overlay points to.
struct Drawn
{
    FaceObservations faces;
    std::vector<const HeatMap *> heat;
    std::vector<OverlayContent::Vectors> vectors;
    std::optional<cv::Rect2f> region;
    QColor regionColor;

    bool empty() const { return faces.empty() && heat.empty() && vectors.empty() && !region; }
};

Drawn drawnOn(const ReportEvidence &evidence, const MethodResult &result, const Finding *finding,
              FrameIndex frame)
{
    Drawn drawn;
    for (const HeatMap &map : result.result.measured.heatMaps) {
        if (map.frame == frame && drawn.heat.empty())
            drawn.heat.push_back(&map); // two maps over each other could not be read
    }
    for (const VectorSeries &series : result.result.measured.vectors) {
        OverlayContent::Vectors vectors{
            u"vectors/"_s + result.record.pluginId + u'/' + series.id, QColor(series.color), {}};
        for (const VectorSeries::Item &item : series.items) {
            if (item.frame == frame)
                vectors.items.push_back(item);
        }
        if (!vectors.items.empty())
            drawn.vectors.push_back(std::move(vectors));
    }
    if (!finding)
        return drawn;
    if (finding->region) {
        drawn.region = finding->region;
        drawn.regionColor = verdictColor(finding->verdict, false);
    }
    if (const FaceObservations *faces = evidence.observations.facesAt(frame);
        faces && finding->track) {
        std::ranges::copy_if(
            *faces, std::back_inserter(drawn.faces),
            [&](const FaceObservation &face) { return face.track == *finding->track; });
    }
    return drawn;
}

void paintDrawn(QPainter &painter, const QRectF &rect, const cv::Size &size, const Drawn &drawn,
                const QString &pluginId)
{
    QTransform toDevice;
    toDevice.translate(rect.left(), rect.top());
    toDevice.scale(rect.width() / size.width, rect.height() / size.height);
    OverlayContent content;
    content.faces = drawn.faces.empty() ? nullptr : &drawn.faces;
    content.vectors = drawn.vectors;
    for (const HeatMap *map : drawn.heat)
        content.heat.push_back({u"heat/"_s + pluginId + u'/' + map->id, map});
    painter.save();
    painter.setClipRect(rect);
    paintOverlay(painter, toDevice, size, content, {});
    if (drawn.region) {
        const QRectF region(drawn.region->x, drawn.region->y, drawn.region->width,
                            drawn.region->height);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(Qt::white, 2.4));
        painter.drawRect(toDevice.mapRect(region));
        painter.setPen(QPen(drawn.regionColor, 1.4));
        painter.drawRect(toDevice.mapRect(region));
    }
    painter.restore();
}

QString overlayWords(const Drawn &drawn)
{
    QStringList parts;
    if (!drawn.faces.empty())
        parts << u"the box and landmarks of %1"_s.arg(trackText(drawn.faces.front().track));
    for (const HeatMap *map : drawn.heat) {
        parts << u"the heat map \u201c%1\u201d from %2 to %3%4"_s.arg(
            map->title, plainNumber(map->low), plainNumber(map->high),
            map->unit.isEmpty() || map->unit == u"1" ? QString() : u' ' + map->unit);
    }
    if (!drawn.vectors.empty())
        parts << u"arrows"_s;
    if (drawn.region) {
        parts << u"a rectangle around %1, %2, %3 \u00d7 %4 px"_s.arg(drawn.region->x)
                     .arg(drawn.region->y)
                     .arg(drawn.region->width)
                     .arg(drawn.region->height);
    }
    return parts.join(u", "_s);
}

} // namespace

Figure frameFigure(const ReportEvidence &evidence, const std::shared_ptr<FrameSource> &frames,
                   const MethodResult &result, const Finding *finding, FrameIndex frame)
{
    const auto drawn = std::make_shared<Drawn>(drawnOn(evidence, result, finding, frame));
    const cv::Size size = frames->size();
    const double aspect = double(size.width) / double(size.height);
    Figure figure;
    figure.pictures.push_back({u"As decoded, unprocessed"_s, aspect, 0,
                               [frames, frame](QPainter &painter, const QRectF &rect) {
                                   paintFrame(painter, rect, *frames, frame);
                               },
                               true});
    const QString where = frameText(evidence, frame);
    figure.alt = u"Picture of %1, as decoded."_s.arg(where);
    QString hash;
    if (frame >= 0 && frame < evidence.ledger.count()) {
        hash = u" SHA-256 of the decoded planes: "_s +
               hexText(evidence.ledger.entries[std::size_t(frame)].planes) + u'.';
    }
    figure.caption = u"%1.%2"_s.arg(where, hash);
    figure.caption[0] = figure.caption.at(0).toUpper();
    if (drawn->empty())
        return figure;

    figure.alt += u" Beside it the same frame with %1."_s.arg(overlayWords(*drawn));
    figure.pictures.push_back({u"With overlay"_s, aspect, 0,
                               [frames, frame, drawn, size, id = result.record.pluginId](
                                   QPainter &painter, const QRectF &rect) {
                                   paintFrame(painter, rect, *frames, frame);
                                   paintDrawn(painter, rect, size, *drawn, id);
                               },
                               true});
    if (!drawn->heat.empty()) {
        const HeatMap *map = drawn->heat.front();
        figure.caption += u" Colours: %1%2"_s.arg(
            map->title, map->about.isEmpty() ? u"."_s : u". "_s + map->about);
        figure.pictures.push_back(
            {QString(), 0, kColorBarWidth, [map](QPainter &painter, const QRectF &rect) {
                 paintColorBar(painter, rect, *map, Qt::black);
             }});
    }
    return figure;
}

std::vector<Figure> chartFigures(const ReportEvidence &evidence, const MethodResult &result,
                                 std::optional<TrackId> track, std::optional<FrameIndex> playhead,
                                 int most)
{
    // Traces of one group and one face share a chart, in the order in which the method gave them.
    struct Chart
    {
        QString group;
        std::optional<TrackId> track;
        std::vector<const Trace *> traces;
    };
    std::vector<Chart> charts;
    for (const Trace &trace : result.result.measured.traces) {
        if (trace.frames.empty() || (track && trace.track && *trace.track != *track))
            continue;
        const auto same = std::ranges::find_if(charts, [&](const Chart &chart) {
            return !trace.group.isEmpty() && chart.group == trace.group &&
                   chart.track == trace.track;
        });
        if (same != charts.end())
            same->traces.push_back(&trace);
        else
            charts.push_back({trace.group, trace.track, {&trace}});
    }

    const auto seconds = std::make_shared<std::vector<double>>();
    for (FrameIndex i = 0; i < evidence.ledger.count(); ++i)
        seconds->push_back(evidence.ledger.seconds(i));
    std::vector<Figure> figures;
    for (const Chart &chart : charts) {
        if (int(figures.size()) >= most)
            break;
        std::vector<const Event *> events;
        for (const Event &event : result.result.measured.events) {
            if (!event.track || !chart.track || *event.track == *chart.track)
                events.push_back(&event);
        }
        Figure figure;
        figure.maxHeight = 140;
        QStringList about, alt;
        for (const Trace *trace : chart.traces) {
            if (!trace->about.isEmpty() && !about.contains(trace->about))
                about << trace->about;
            alt << traceSummary(*trace);
        }
        QStringList titles;
        for (const Trace *trace : chart.traces)
            titles << trace->title;
        const QString face = chart.track ? trackText(*chart.track) : QString();
        const bool said = std::ranges::all_of(titles, [&](const QString &title) { return title.contains(face); });
        const QString who = said ? QString() : u", "_s + face;
        figure.caption = titles.join(u"; "_s) + who + u". "_s + about.join(u' ');
        figure.alt = u"Chart over time%1. "_s.arg(who) + alt.join(u' ');
        if (playhead)
            figure.caption += u" The vertical line marks frame %1."_s.arg(*playhead);
        figure.pictures.push_back({QString(), kChartAspect, 0,
                                   [traces = chart.traces, events, seconds,
                                    playhead](QPainter &painter, const QRectF &rect) {
                                       paintChart(painter, rect, traces, events, *seconds,
                                                  playhead);
                                   }});
        figures.push_back(std::move(figure));
    }
    return figures;
}

} // namespace fw::report
