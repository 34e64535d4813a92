// SPDX-License-Identifier: GPL-3.0-or-later
#include "coding_observer.h"

#include "base/numbers.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

using Member = std::optional<double> CodingNumbers::*;

std::vector<double> column(const std::vector<CodingNumbers> &numbers, Member member)
{
    std::vector<double> values;
    values.reserve(numbers.size());
    for (const CodingNumbers &one : numbers)
        values.push_back((one.*member).value_or(kMissing));
    return values;
}

bool anyMeasured(const std::vector<CodingNumbers> &numbers, Member member)
{
    return std::any_of(numbers.begin(), numbers.end(),
                       [&](const CodingNumbers &one) { return (one.*member).has_value(); });
}

/// What the codec does not give, as a sentence for the table; empty when it gives all.
QString missingParts(const QString &codec, const CodingSupport &support)
{
    QStringList parts;
    if (!support.quantiser)
        parts << u"quantisers"_s;
    if (!support.motionVectors)
        parts << u"motion vectors and the intra share"_s;
    if (parts.isEmpty())
        return {};
    return u" The decoder for %1 does not give %2, so they are not shown."_s
        .arg(codec.isEmpty() ? u"this codec"_s : codec, parts.join(u" or "_s));
}

} // namespace

Result<void> CodingObserver::begin(const ClipFacts &clip, const JobContext &job)
{
    const StreamFacts *video = clip.media.video();
    if (!video)
        return fail(Errc::NotApplicable, u"the file has no video stream"_s);
    m_codec = video->codec;
    m_support = clip.coding;
    m_codedSize = {video->codedWidth, video->codedHeight};
    m_stop = job.stop;
    return {};
}

Result<void> CodingObserver::frame(const FrameBundle &bundle, Observations &)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.coding)
        return fail(Errc::Internal, u"the frame came without its coding facts"_s);
    m_frames.push_back(bundle.index);
    m_numbers.push_back(codingNumbers(*bundle.coding, m_codedSize, m_support));
    return {};
}

Table CodingObserver::typeTable(const Ledger &ledger) const
{
    const PictureTypes types = pictureTypes(ledger);
    Table table;
    table.id = u"coding.types"_s;
    table.title = u"Picture types"_s;
    table.about = u"Counted over all decoded frames. A group runs from one key frame to the next; the "
                  "last, unfinished one is not counted."_s + missingParts(m_codec, m_support);
    table.columns = {{u"Fact"_s, {}}, {u"Value"_s, {}}};
    const auto row = [&](const QString &fact, const QJsonValue &value) {
        table.rows.push_back(QJsonArray{fact, value});
    };
    row(u"Codec"_s, m_codec);
    row(u"Frames"_s, double(types.total()));
    row(u"I pictures"_s, double(types.intra));
    row(u"P pictures"_s, double(types.predicted));
    row(u"B pictures"_s, double(types.bidirectional));
    if (types.other > 0)
        row(u"Pictures of other or unknown type"_s, double(types.other));
    row(u"Key frames"_s, double(types.keyFrames));
    row(u"Longest run of B pictures"_s, double(types.longestRunOfB));
    if (const auto usual = modeOf(types.groupLengths)) {
        const auto [least, most] = std::minmax_element(types.groupLengths.begin(),
                                                       types.groupLengths.end());
        row(u"Complete groups"_s, double(types.groupLengths.size()));
        row(u"Most frequent group length (frames)"_s, double(usual->value));
        row(u"Groups of that length"_s, double(usual->count));
        row(u"Shortest group (frames)"_s, double(*least));
        row(u"Longest group (frames)"_s, double(*most));
    }
    return table;
}

Result<Measurements> CodingObserver::finish(const Ledger &ledger)
{
    Measurements measured;
    const auto add = [&](const QString &id, const QString &title, const QString &unit,
                         const QString &about, Member member) -> Trace * {
        if (!anyMeasured(m_numbers, member))
            return nullptr; // a codec that gives none has no such trace, rather than an empty one
        Trace trace;
        trace.id = id;
        trace.title = title;
        trace.unit = unit;
        trace.about = about;
        trace.frames = m_frames;
        trace.values = column(m_numbers, member);
        measured.traces.push_back(std::move(trace));
        return &measured.traces.back();
    };
    add(u"coding.bytes"_s, u"Packet size"_s, u"bytes"_s,
        u"Coded size of each frame. Key frames stand out; so do frames coded anew after a cut."_s,
        &CodingNumbers::packetBytes);
    if (Trace *qp = add(u"coding.qp"_s, u"Quantiser"_s, u"1"_s,
                        u"Mean quantiser over the blocks of each frame, with its least and greatest "
                        "value; higher means coarser. The scale is the codec's own."_s,
                        &CodingNumbers::qpMean)) {
        if (anyMeasured(m_numbers, &CodingNumbers::qpMin)
            && anyMeasured(m_numbers, &CodingNumbers::qpMax)) {
            qp->lower = column(m_numbers, &CodingNumbers::qpMin);
            qp->upper = column(m_numbers, &CodingNumbers::qpMax);
        }
    }
    add(u"coding.motion"_s, u"Motion vector length"_s, u"px"_s,
        u"Mean length of the coded motion vectors, weighted by block area. Reference frames may lie "
        "several frames away. Coded motion saves bits and need not follow what really moved."_s,
        &CodingNumbers::motionPixels);
    add(u"coding.intra"_s, u"Intra share of P pictures"_s, u"1"_s,
        u"Share of each P picture that is coded without prediction. It rises at cuts, and at frames "
        "that were key frames of an earlier encoding."_s,
        &CodingNumbers::intraShare);
    measured.tables.push_back(typeTable(ledger));
    return measured;
}

} // namespace fw
