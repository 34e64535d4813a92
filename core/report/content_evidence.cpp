// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"
#include "report/words.h"

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

QString comparison(const ReportEvidence &e)
{
    if (!e.hashesNow) {
        return u"not compared: "_s +
               (e.hashProblem.isEmpty() ? u"the file was not read again"_s : e.hashProblem);
    }
    const FileHashes &then = e.evidence.facts.hashes, &now = *e.hashesNow;
    if (then.sha256 == now.sha256 && then.size == now.size)
        return u"equal: the file has not changed since intake"_s;
    return u"DIFFERENT: the file is no longer the one that was taken in and analysed"_s;
}

Facts identity(const ReportEvidence &e)
{
    const MediaFacts &f = e.evidence.facts;
    Facts facts{{{u"Name as received"_s, f.fileName},
                 {u"Path at intake"_s, f.path},
                 {u"Taken in"_s, timeText(e.evidence.added)},
                 {u"Size"_s, sizeText(f.hashes.size)},
                 {u"SHA-256 at intake"_s, f.sha256Text(), true},
                 {u"MD5 at intake"_s, QString::fromLatin1(f.hashes.md5Hex), true}}};
    if (!e.evidence.lastPath.isEmpty() && e.evidence.lastPath != f.path)
        facts.rows.push_back({u"Last read from"_s, e.evidence.lastPath});
    if (e.hashesNow) {
        facts.rows.push_back({u"SHA-256 for this report"_s, hexText(e.hashesNow->sha256), true});
        facts.rows.push_back(
            {u"MD5 for this report"_s, QString::fromLatin1(e.hashesNow->md5Hex), true});
    }
    facts.rows.push_back({u"Comparison"_s, comparison(e)});
    return facts;
}

QString rateText(const Rational &rate)
{
    if (rate.num <= 0 || rate.den <= 0)
        return u"not stated"_s;
    return u"%1 frames/s (%2/%3)"_s.arg(plainNumber(rate.toDouble())).arg(rate.num).arg(rate.den);
}

/// Is the distance between frames always the same?
QString spacing(const Ledger &ledger)
{
    if (ledger.count() < 3)
        return {};
    const auto &e = ledger.entries;
    std::int64_t least = e[1].pts - e[0].pts, most = least;
    for (std::size_t i = 2; i < e.size(); ++i) {
        least = std::min(least, e[i].pts - e[i - 1].pts);
        most = std::max(most, e[i].pts - e[i - 1].pts);
    }
    return least == most ? u"constant, %1 ticks"_s.arg(least)
                         : u"varying, %1 to %2 ticks"_s.arg(least).arg(most);
}

Facts container(const ReportEvidence &e)
{
    const MediaFacts &f = e.evidence.facts;
    Facts facts{
        {{u"Container"_s, f.containerLongName.isEmpty() ? f.container : f.containerLongName}}};
    if (!f.still) {
        facts.rows.push_back({u"Declared duration"_s,
                              f.durationSeconds ? clockText(*f.durationSeconds) : QString()});
        facts.rows.push_back(
            {u"Declared start"_s, f.startSeconds ? clockText(*f.startSeconds) : QString()});
    }
    if (const StreamFacts *video = f.video()) {
        facts.rows.push_back(
            {u"Examined stream"_s,
             u"stream %1: %2%3"_s.arg(video->index)
                 .arg(video->codecLongName.isEmpty() ? video->codec : video->codecLongName,
                      video->profile.isEmpty() ? QString() : u", "_s + video->profile)});
        facts.rows.push_back({u"Picture"_s, u"%1 \u00d7 %2 px, %3, %4 bit"_s.arg(video->width)
                                                    .arg(video->height)
                                                    .arg(video->pixelFormat)
                                                    .arg(video->bitsPerComponent) +
                                                (video->rotationDegrees != 0
                                                     ? u", turned by %1\u00b0 for display"_s.arg(
                                                           video->rotationDegrees)
                                                     : QString())});
        if (!f.still)
            facts.rows.push_back({u"Declared rate"_s, rateText(video->averageRate)});
    }
    if (!f.editList.empty())
        facts.rows.push_back({u"Edit list"_s, f.editList.size() == 1 ? u"1 entry"_s
                                                                     : u"%1 entries"_s.arg(f.editList.size())});
    const Ledger &ledger = e.ledger;
    facts.rows.push_back(
        {u"Frames decoded"_s,
         ledger.count() == 0
             ? u"none"_s
             : u"%1%2"_s.arg(ledger.count())
                   .arg(ledger.complete ? QString() : u", incomplete: "_s + ledger.endReason)});
    if (const QString text = spacing(ledger); !text.isEmpty())
        facts.rows.push_back({u"Frame spacing by PTS"_s, text});
    if (ledger.count() > 1)
        facts.rows.push_back(
            {u"Last frame shown at"_s, clockText(ledger.seconds(ledger.count() - 1))});
    if (ledger.count() > 0)
        facts.rows.push_back({u"Ledger digest"_s, hexText(ledger.digest()), true});
    return facts;
}

DataTable streams(const MediaFacts &f)
{
    DataTable table;
    table.caption = u"Streams as the container declares them"_s;
    table.columns = {{u"No."_s, 0.5}, {u"Kind"_s, 0.9},      {u"Codec"_s, 2.2},
                     {u"Tag"_s, 0.8}, {u"Time base"_s, 1.1}, {u"Details"_s, 2.4}};
    for (const StreamFacts &s : f.streams) {
        QStringList details;
        if (s.kind == StreamKind::Video)
            details << u"%1 \u00d7 %2 px"_s.arg(s.width).arg(s.height);
        if (s.sampleRate > 0)
            details << u"%1 Hz, %2 channels"_s.arg(s.sampleRate).arg(s.channels);
        if (s.declaredFrames)
            details << u"%1 frames declared"_s.arg(*s.declaredFrames);
        if (s.bitRate > 0)
            details << u"%1 kbit/s"_s.arg(plainNumber(double(s.bitRate) / 1000.0));
        if (s.attachedPicture)
            details << u"cover picture"_s;
        table.rows.push_back({Cell(QString::number(s.index)), Cell(streamKindName(s.kind)),
                              Cell(s.codecLongName.isEmpty() ? s.codec : s.codecLongName),
                              Cell(s.codecTag),
                              Cell(u"%1/%2 s"_s.arg(s.timeBase.num).arg(s.timeBase.den)),
                              Cell(details.join(u", "_s))});
    }
    return table;
}

} // namespace

void addEvidence(const ReportData &data, Document *document)
{
    auto &blocks = document->blocks;
    blocks.push_back(PageBreak{});
    blocks.push_back(Heading{1, u"Evidence"_s, u"evidence"_s});
    blocks.push_back(Paragraph{
        u"Files were opened for reading only; nothing was written to them. The bytes are named by "
        "their SHA-256; MD5 is given for matching older records only. Frames are named by their "
        "place in the frame ledger, which holds the SHA-256 of each decoded picture; its digest "
        "names "
        "the whole decode."_s});
    if (data.evidence.empty())
        blocks.push_back(Paragraph{u"The case holds no evidence."_s});
    for (const ReportEvidence &e : data.evidence) {
        blocks.push_back(
            Heading{2, evidenceNumber(data, e) + u" \u2013 "_s + e.evidence.facts.fileName, {}});
        blocks.push_back(identity(e));
        blocks.push_back(Heading{3, u"Container and frames"_s, {}});
        blocks.push_back(container(e));
        if (!e.evidence.facts.streams.empty())
            blocks.push_back(streams(e.evidence.facts));
        if (!e.evidence.facts.tags.empty()) {
            Facts tags;
            for (const auto &[key, value] : e.evidence.facts.tags)
                tags.rows.push_back({key, value});
            blocks.push_back(Heading{3, u"Container tags (the file's own claims)"_s, {}});
            blocks.push_back(std::move(tags));
        }
        if (!e.evidence.facts.warnings.isEmpty())
            blocks.push_back(Bullets{u"Noticed while opening"_s, e.evidence.facts.warnings});
    }
}

} // namespace fw::report
