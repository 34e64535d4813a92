// SPDX-License-Identifier: GPL-3.0-or-later
#include "deletion_detector.h"

#include "base/numbers.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr std::size_t kMostDiscontinuities = 50;

Trace traceOf(const QString &id, const QString &title, const QString &unit, const QString &about,
              std::vector<double> values)
{
    Trace trace;
    trace.id = id;
    trace.title = title;
    trace.unit = unit;
    trace.about = about;
    trace.values = std::move(values);
    for (std::size_t n = 0; n < trace.values.size(); ++n)
        trace.frames.push_back(FrameIndex(n));
    return trace;
}

} // namespace

Result<void> DeletionDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    if (clip.media.still)
        return fail(Errc::NotApplicable, u"a still picture has no stream of frames"_s);
    const StreamFacts *video = clip.media.video();
    if (!video)
        return fail(Errc::NotApplicable, u"the file has no video stream"_s);
    m_codec = video->codec;
    m_macroblocks = clip.coding.macroblocks;
    if (clip.nominalRate > 0.0)
        m_rate = clip.nominalRate;
    m_stop = job.stop;
    return {};
}

Result<void> DeletionDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.coding)
        return fail(Errc::Internal, u"the frame came without its coding facts"_s);
    m_pictures.push_back({bundle.coding->pictureType, bundle.coding->macroblocks, bundle.coding->packetBytes});
    m_errors.add(*bundle.coding, bundle.luma);
    if (!bundle.luma.empty()) {
        const cv::Mat small = FrameSketches::smallCopy(bundle.luma);
        m_sketches.add(small);
        m_steps.add(bundle.index, small);
    }
    return {};
}

std::vector<Trace> DeletionDetector::traces(const DeletionEvidence &e) const
{
    std::vector<Trace> traces;
    const std::size_t count = m_pictures.size();
    if (e.counted > 0) {
        std::vector<double> intra(count, kMissing), skipped(count, kMissing);
        for (std::size_t n = 0; n < count; ++n) {
            const auto &blocks = m_pictures[n].macroblocks;
            if (blocks && m_pictures[n].type != 'I') {
                intra[n] = 100.0 * blocks->intra / blocks->total;
                skipped[n] = 100.0 * blocks->skipped / blocks->total;
            }
        }
        const QString sizes = u"How much larger a P picture is than those around it, as the logarithm of the ratio. Key "
                              "frames of an earlier encoding stand out."_s;
        traces.push_back(traceOf(u"frame_deletion.footprint"_s,
                                 e.bySizes ? u"Pictures that cost more"_s : u"Blocks that had to be coded anew"_s, u"1"_s,
                                 e.bySizes ? sizes : u"The prediction footprint: how much more intra and how much fewer skipped macroblocks a P "
                                 "picture has than those around it. Key frames of an earlier encoding "
                                 "stand out."_s,
                                 e.print.values));
        if (e.search.lattice) {
            std::vector<double> onBeat(count, kMissing);
            std::size_t next = 0;
            Lattice beat = *e.search.lattice;
            for (std::size_t n = 0; n < count; ++n) {
                while (next < e.search.breaks.size()
                       && FrameIndex(n) >= e.search.breaks[next].where.begin + 1)
                    beat = e.search.breaks[next++].after;
                if (int(n) % beat.length == beat.phase)
                    onBeat[n] = e.print.values[n];
            }
            traces.push_back(traceOf(u"frame_deletion.beat"_s, u"Where the rhythm expects it"_s, u"1"_s,
                                     u"The same, only at the frames where the rhythm that was found "
                                     "expects a key frame of the earlier encoding."_s,
                                     std::move(onBeat)));
        }
        traces.back().group = traces.front().group = u"Key frames of an earlier encoding"_s;
        traces.push_back(traceOf(u"frame_deletion.intra"_s, u"Intra macroblocks"_s, u"%"_s,
                                 u"Share of macroblocks coded without prediction."_s, std::move(intra)));
        traces.push_back(traceOf(u"frame_deletion.skipped"_s, u"Skipped macroblocks"_s, u"%"_s,
                                 u"Share of macroblocks for which nothing was stored."_s,
                                 std::move(skipped)));
        traces.back().group = traces[traces.size() - 2].group = u"How blocks were coded"_s;
    }
    if (e.rhythm)
        traces.push_back(traceOf(u"frame_deletion.error"_s, u"Prediction error"_s, u"grey levels"_s,
                                 u"Mean difference between each P picture and its prediction."_s,
                                 m_errors.values()));
    if (!m_steps.motion().empty())
        traces.push_back(traceOf(u"frame_deletion.motion"_s, u"Motion between frames"_s, u"px"_s,
                                 u"Mean optical flow from the frame before, in pixels of a copy whose "
                                 "long side is 160."_s,
                                 m_steps.motion()));
    return traces;
}

Result<AnalysisResult> DeletionDetector::finish(const Ledger &ledger)
{
    if (m_pictures.size() < 2)
        return fail(Errc::NotApplicable, u"fewer than two frames could be decoded"_s);
    DeletionEvidence e;
    e.codec = m_codec;
    e.macroblocks = m_macroblocks;
    e.frames = std::int64_t(m_pictures.size());
    e.print = predictionFootprint(m_pictures);
    e.counted = std::count_if(m_pictures.begin(), m_pictures.end(), [](const CodedPicture &p) {
        return p.type == 'P' && p.macroblocks;
    });
    e.group = firstGroupLength(e.print.values);
    e.search = searchLattice(e.print, m_stop);
    Footprint sizes = sizeFootprint(m_pictures);
    LatticeSearch bySizes = searchLattice(sizes, m_stop);
    e.bySizes = clearerSearch(&e.search, &bySizes) == 1;
    if (e.bySizes) {
        e.print = std::move(sizes);
        e.search = std::move(bySizes);
    }
    e.rhythm = m_errors.rhythm();
    e.discontinuities = m_steps.discontinuities(ledger, kMostDiscontinuities);
    e.copies = m_sketches.copies(ledger, std::int64_t(std::lround(m_rate)), m_stop);
    e.compared = m_sketches.count();
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    AnalysisResult result;
    result.measured.traces = traces(e);
    result.measured.events = deletionEvents(e);
    result.measured.tables = deletionTables(e);
    result.findings = deletionFindings(e);
    return result;
}

} // namespace fw
