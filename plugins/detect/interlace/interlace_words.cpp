// SPDX-License-Identifier: GPL-3.0-or-later
#include "interlace_detector.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kMostMotionRows = 400;

bool inPlan(const InterlaceEvidence &e)
{
    return !e.fits.empty();
}

std::size_t foreignCount(const InterlaceEvidence &e)
{
    std::size_t count = 0;
    for (const InterlaceBurst &burst : e.bursts)
        count += burst.foreign.size();
    return count;
}

cv::Rect2f blockRect(const cv::Point &place, int block)
{
    return {float(place.x * block), float(place.y * block), float(block), float(block)};
}

cv::Rect2f around(const std::vector<cv::Point> &places, int block)
{
    cv::Rect2f all = blockRect(places.front(), block);
    for (const cv::Point &place : places)
        all |= blockRect(place, block);
    return all;
}

Finding scanFinding(const InterlaceEvidence &e)
{
    Finding f;
    f.id = u"interlace.scan"_s;
    f.title = u"How the clip was scanned"_s;
    f.range = FrameRange{0, e.frames};
    f.verdict = e.scan == ScanClass::Mixed || e.scan == ScanClass::Unknown ? Verdict::Inconclusive
                                                                           : Verdict::NotApplicable;
    if (!e.fits.empty() && !e.interlaced())
        f.score = Score{e.trace.contrast, ScoreScale::Raw, u"contrast of the two parities of lines"_s, u"1"_s,
                        u"progressive clips stay below 1.03; 1.10 is needed"_s, {}, {}};
    const QString counts = u"%1 frames look progressive, %2 interlaced with the top and %3 with the bottom "
                           "field first, %4 move too little to say."_s
                               .arg(e.counts.progressive).arg(e.counts.topFirst).arg(e.counts.bottomFirst)
                               .arg(e.counts.unknown);
    const bool torn = e.scan == ScanClass::Unknown && e.counts.decided() > e.counts.unknown / 4;
    f.summary = u"The content is %1: "_s.arg(torn ? u"unknown, as its frames contradict each other"_s : scanName(e.scan))
        + counts;
    if (e.scan == ScanClass::Mixed)
        f.summary += u" Stretches of both kinds were put together."_s;
    else if (!e.interlaced() && !e.trace.usable)
        f.summary += u" No usable trace of de-interlacing: "_s + e.trace.why + u". There is nothing to compare."_s;
    if (e.declaredInterlaced > 0 && e.scan == ScanClass::Progressive)
        f.limits.append(u"%1 frames are coded as interlaced though their content is progressive; broadcasters "
                        "and camcorders often do so."_s.arg(e.declaredInterlaced));
    if (e.scan == ScanClass::Mixed)
        f.against.append(u"Television programmes mix film, graphics and camera pictures."_s);
    return f;
}

Finding fieldFinding(const InterlaceEvidence &e)
{
    Finding f;
    f.id = u"interlace.fields"_s;
    f.title = u"Motion between fields"_s;
    f.range = FrameRange{0, e.frames};
    std::size_t measured = 0;
    std::vector<double> typical;
    for (const InterlaceBurst &burst : e.bursts) {
        measured += burst.fields.measured;
        if (burst.fields.measured > 0)
            typical.push_back(burst.fields.typical);
    }
    f.limits = {u"Only three stretches of fourteen frames were measured, and only blocks that move by a pixel and "
                "hold structure in ten of them."_s};
    const auto middle = median(typical);
    if (e.frames <= kLeastFieldFrames) {
        f.verdict = Verdict::Inconclusive;
        f.summary = u"The clip is %1, but has only %2 frames; at least %3 are needed to compare the motion between "
                    "its fields."_s.arg(scanName(e.scan)).arg(e.frames).arg(kLeastFieldFrames + 1);
        return f;
    }
    if (!middle || measured < 12) {
        f.verdict = Verdict::Inconclusive;
        f.summary = u"The clip is %1, but only %2 blocks move enough to compare the motion between its "
                    "fields."_s.arg(scanName(e.scan)).arg(measured);
        return f;
    }
    f.score = Score{*middle, ScoreScale::Raw, u"difference of motion within and across frames"_s, u"1"_s,
                    u"0 when a camera recorded fields, near 1 when frames were edited"_s, {}, {}};
    if (*middle > 0.35) {
        f.verdict = Verdict::Inconclusive;
        f.summary = u"The motion between fields is uneven everywhere (%1), so no region stands out."_s
                        .arg(*middle, 0, 'f', 2);
        return f;
    }
    std::size_t odd = 0;
    const InterlaceBurst *first = nullptr;
    for (const InterlaceBurst &burst : e.bursts) {
        odd += burst.fields.odd.size();
        if (!first && !burst.fields.odd.empty())
            first = &burst;
    }
    if (!first) {
        f.verdict = Verdict::Consistent;
        f.summary = u"Motion within frames equals motion across frames in all %1 blocks that move (median "
                    "difference %2)."_s.arg(measured).arg(*middle, 0, 'f', 2);
        return f;
    }
    std::vector<cv::Point> places;
    for (const auto &block : first->fields.odd)
        places.push_back(block.place);
    f.verdict = Verdict::Suspicious;
    f.strength = std::min(1.0, 0.5 + 0.05 * double(odd));
    f.range = first->frames;
    f.keyFrame = first->frames.begin + first->frames.length() / 2;
    f.region = around(places, FieldMotionGrid::kBlock);
    f.summary = u"In %1 of %2 blocks the motion between the two fields of a frame is not that from one frame to "
                "the next, while elsewhere it is (median difference %3)."_s
                    .arg(odd).arg(measured).arg(*middle, 0, 'f', 2);
    f.supports = {u"A region that was edited frame by frame does not move between the fields of one frame."_s};
    f.against = {u"Titles, graphics and film inserts are added frame by frame in ordinary programmes; sudden "
                 "turns, shadows and repeating patterns mislead the measurement of motion."_s};
    return f;
}

Finding mapFinding(const InterlaceEvidence &e)
{
    Finding f;
    f.id = u"interlace.deinterlaced"_s;
    f.title = u"Trace of de-interlacing"_s;
    f.range = FrameRange{0, e.frames};
    f.score = Score{e.trace.contrast, ScoreScale::Raw, u"contrast of the two parities of lines"_s, u"1"_s,
                    u"progressive clips stay below 1.03; 1.10 is needed"_s, {}, {}};
    const QString trace = u"The clip was de-interlaced by %1 (contrast %2%3). "_s
                              .arg(e.trace.model).arg(e.trace.contrast, 0, 'f', 2)
                              .arg(e.trace.alternating ? u", alternating from frame to frame"_s : QString());
    f.limits = {u"Scaling after de-interlacing and stronger compression remove the trace."_s};
    const InterlaceBurst *first = nullptr;
    for (const InterlaceBurst &burst : e.bursts) {
        if (!first && !burst.foreign.empty())
            first = &burst;
    }
    if (!first) {
        f.verdict = Verdict::Consistent;
        f.summary = trace + u"The trace is the same all over the picture."_s;
        return f;
    }
    f.verdict = Verdict::Suspicious;
    f.strength = std::min(1.0, 0.4 + 0.01 * double(foreignCount(e)));
    f.range = first->frames;
    f.keyFrame = first->frames.begin + first->frames.length() / 2;
    f.region = around(first->foreign, kMapBlock);
    f.summary = trace + u"%1 connected blocks lack it."_s.arg(first->foreign.size());
    f.supports = {u"A region put in after de-interlacing has no interpolated lines."_s};
    f.against = {u"Titles and graphics are put in after de-interlacing as a matter of course; blurred, dark or "
                 "still regions can hide the trace."_s};
    return f;
}

HeatMap heatMap(const InterlaceEvidence &e, const InterlaceBurst &burst, const cv::Mat &values, int block,
                const QString &id, const QString &title, const QString &unit, const QString &about)
{
    HeatMap map;
    map.frame = burst.frames.begin + burst.frames.length() / 2;
    map.id = u"%1.%2"_s.arg(id).arg(map.frame);
    map.title = title;
    map.unit = unit;
    map.about = about;
    map.values = values;
    map.region = {0, 0, float(std::min(values.cols * block, e.size.width)),
                  float(std::min(values.rows * block, e.size.height))};
    return map;
}

cv::Mat differenceGrid(const InterlaceBurst &burst)
{
    cv::Mat grid(burst.grid, CV_32F, cv::Scalar(std::numeric_limits<float>::quiet_NaN()));
    for (const auto &block : burst.blocks)
        grid.at<float>(block.place) = float(block.difference);
    return grid;
}

Table factTable(const InterlaceEvidence &e)
{
    Table table;
    table.id = u"interlace.facts"_s;
    table.title = u"Scanning and de-interlacing"_s;
    table.about = u"Weights: how the smoother lines are mixed from the lines three and one above, one and three "
                  "below. Line averaging is 0, 0.5, 0.5, 0."_s;
    table.columns = {{u"Quantity"_s, {}}, {u"Value"_s, {}}};
    const auto row = [&](const QString &name, const QJsonValue &value) {
        table.rows.push_back(QJsonArray{name, value});
    };
    row(u"Content"_s, scanName(e.scan));
    row(u"Frames that look progressive"_s, e.counts.progressive);
    row(u"Frames with the top field first"_s, e.counts.topFirst);
    row(u"Frames with the bottom field first"_s, e.counts.bottomFirst);
    row(u"Frames that move too little"_s, e.counts.unknown);
    row(u"Frames coded as interlaced"_s, double(e.declaredInterlaced));
    row(u"Frames fitted"_s, double(e.fits.size()));
    if (inPlan(e)) {
        row(u"Contrast of parities"_s, e.trace.contrast);
        row(u"Parity alternates from frame to frame"_s, e.trace.alternating);
        for (std::size_t k = 0; k < 4; ++k)
            row(u"Weight of line %1"_s.arg(int(2 * k) - 3), e.trace.weights[k]);
        row(u"Nearest filter"_s, e.trace.model.isEmpty() ? u"none"_s : e.trace.model);
        row(u"Map of the trace"_s, e.trace.usable ? u"shown"_s : u"not shown: "_s + e.trace.why);
    }
    return table;
}

Table motionTable(const InterlaceEvidence &e)
{
    Table table;
    table.id = u"interlace.motion"_s;
    table.title = u"Motion within and across frames, by block"_s;
    table.about = u"Median difference of both motions: 0 when a camera recorded fields, near 1 when frames were "
                  "edited. The clearest first."_s;
    table.columns = {{u"Frame"_s, {}, true}, {u"x"_s, u"px"_s}, {u"y"_s, u"px"_s}, {u"Difference"_s, {}},
                     {u"Frames measured"_s, {}}};
    std::vector<std::pair<FrameIndex, FieldMotionGrid::Block>> all;
    for (const InterlaceBurst &burst : e.bursts) {
        for (const auto &block : burst.blocks)
            all.emplace_back(burst.frames.begin + burst.frames.length() / 2, block);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto &a, const auto &b) { return a.second.difference > b.second.difference; });
    all.resize(std::min<std::size_t>(all.size(), kMostMotionRows));
    for (const auto &[frame, block] : all)
        table.rows.push_back(QJsonArray{double(frame), (block.place.x + 0.5) * FieldMotionGrid::kBlock,
                                        (block.place.y + 0.5) * FieldMotionGrid::kBlock, block.difference,
                                        block.frames});
    return table;
}

/// Frames of the same kind in a row, shorter ones swallowed by their neighbours.
std::vector<Event> scanEvents(const InterlaceEvidence &e)
{
    std::vector<Event> events;
    FrameRange run{0, 0};
    bool combed = false;
    const auto close = [&] {
        if (run.length() < 5)
            return;
        Event event;
        event.kind = combed ? u"interlaced"_s : u"progressive"_s;
        event.id = u"%1.%2"_s.arg(event.kind).arg(run.begin);
        event.label = combed ? u"interlaced"_s : u"progressive"_s;
        event.range = run;
        event.strength = 0.2;
        events.push_back(std::move(event));
    };
    for (std::size_t n = 0; n < e.scans.size(); ++n) {
        if (e.scans[n] == FrameScan::Unknown) {
            run.end = FrameIndex(n) + 1;
            continue;
        }
        const bool now = e.scans[n] != FrameScan::Progressive;
        if (now != combed || run.length() == 0) {
            close();
            run.begin = FrameIndex(n);
            combed = now;
        }
        run.end = FrameIndex(n) + 1;
    }
    close();
    return events;
}

} // namespace

std::vector<Finding> interlaceFindings(const InterlaceEvidence &e)
{
    if (e.interlaced())
        return {fieldFinding(e)};
    if (e.trace.usable && e.scan != ScanClass::Mixed && e.scan != ScanClass::Telecined)
        return {mapFinding(e)};
    return {scanFinding(e)};
}

Measurements interlaceMeasurements(const InterlaceEvidence &e, bool rotated)
{
    Measurements measured;
    measured.tables.push_back(factTable(e));
    if (!e.fits.empty()) {
        Trace contrast;
        contrast.id = u"interlace.contrast"_s;
        contrast.title = u"Contrast of even and odd lines"_s;
        contrast.unit = u"1"_s;
        contrast.about = u"Spread of the odd lines over that of the even ones: above 1 the even lines look "
                         "interpolated, below 1 the odd ones."_s;
        contrast.thresholds = {{1.10, u"needed for a map"_s}, {1.0 / 1.10, u"needed for a map"_s}};
        for (std::size_t i = 0; i < e.fits.size(); ++i) {
            contrast.frames.push_back(e.fitFrames[i]);
            contrast.values.push_back(std::exp(e.fits[i].contrast()));
        }
        measured.traces.push_back(std::move(contrast));
    }
    if (e.scan == ScanClass::Mixed)
        measured.events = scanEvents(e);
    if (e.interlaced())
        measured.tables.push_back(motionTable(e));
    if (rotated)
        return measured; // places are those of the coded picture
    VectorSeries odd;
    odd.id = u"interlace.odd"_s;
    odd.title = u"Blocks that move by frames"_s;
    odd.about = u"Diagonals of the blocks whose motion between fields differs from that between frames."_s;
    odd.color = u"#e0433a"_s;
    for (const InterlaceBurst &burst : e.bursts) {
        if (e.interlaced() && !burst.blocks.empty())
            measured.heatMaps.push_back(heatMap(
                e, burst, differenceGrid(burst), FieldMotionGrid::kBlock, u"interlace.fields"_s,
                u"Motion within against across frames"_s, u"1"_s,
                u"Median over fourteen frames; empty where nothing moved enough. High: edited frame by frame."_s));
        for (FrameIndex n = burst.frames.begin; e.interlaced() && n < burst.frames.end; ++n) {
            for (const auto &block : burst.fields.odd) {
                const cv::Rect2f r = blockRect(block.place, FieldMotionGrid::kBlock);
                odd.items.push_back({n, {}, r.tl(), r.br(), {}});
            }
        }
        if (e.trace.usable && !e.interlaced() && !burst.follow.empty()) {
            HeatMap map = heatMap(e, burst, burst.follow, kMapBlock, u"interlace.follow"_s,
                                  u"Follows the de-interlacing"_s, u"1"_s,
                                  u"Probability that the lines of one parity were interpolated as in the rest of the "
                                  "picture. Low areas do not share the de-interlacing; empty where the picture is plain."_s);
            measured.heatMaps.push_back(std::move(map));
            HeatMap contrast = heatMap(e, burst, burst.contrast, kMapBlock, u"interlace.contrast"_s,
                                       u"Contrast of parities by block"_s, u"ln"_s,
                                       u"Spread of recorded over interpolated lines. Near 0 where a picture was "
                                       "put in after de-interlacing."_s);
            contrast.high = std::max(0.2, 2.0 * std::log(e.trace.contrast));
            measured.heatMaps.push_back(std::move(contrast));
        }
    }
    if (!odd.items.empty())
        measured.vectors.push_back(std::move(odd));
    return measured;
}

} // namespace fw
