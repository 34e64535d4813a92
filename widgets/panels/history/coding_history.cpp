// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/history/coding_history.h"

#include "paint/axis.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QString sayHistory(const char *text)
{
    return QCoreApplication::translate("fw::CodingHistory", text);
}

int rankOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Suspicious: return 0;
    case Verdict::Inconclusive: return 1;
    case Verdict::Consistent: return 2;
    case Verdict::NotApplicable: break;
    }
    return 3;
}

/// "5.2 powers of ten; 2 are needed: by chance in 1 of 100 clips"
QString measuredText(const Finding &finding)
{
    if (!finding.score)
        return {};
    const QString value = quantityText(finding.score->value, finding.score->unit);
    return finding.score->reference.isEmpty() ? value : value + u"; "_s + finding.score->reference;
}

} // namespace

std::vector<PictureGroup> pictureGroups(const Ledger &ledger, const Trace *quantiser)
{
    std::vector<PictureGroup> groups;
    std::vector<double> qp(ledger.entries.size(), std::nan(""));
    for (std::size_t i = 0; quantiser && i < quantiser->frames.size(); ++i) {
        const FrameIndex frame = quantiser->frames[i];
        if (frame >= 0 && frame < ledger.count())
            qp[std::size_t(frame)] = quantiser->values[i];
    }
    double sum = 0.0;
    int known = 0;
    const auto close = [&] {
        if (!groups.empty() && known > 0)
            groups.back().quantiser = sum / known;
        sum = known = 0;
    };
    for (std::int64_t i = 0; i < ledger.count(); ++i) {
        const LedgerEntry &entry = ledger.entries[std::size_t(i)];
        if (entry.keyFrame || groups.empty()) {
            close();
            groups.push_back({{i, i}, 0, 0, 0, 0, {}});
        }
        PictureGroup &group = groups.back();
        group.frames.end = i + 1;
        group.bytes += entry.packetBytes;
        group.intra += entry.pictureType == 'I';
        group.predicted += entry.pictureType == 'P';
        group.bidirectional += entry.pictureType == 'B';
        if (!std::isnan(qp[std::size_t(i)])) {
            sum += qp[std::size_t(i)];
            ++known;
        }
    }
    close();
    return groups;
}

std::vector<EditSegment> editSegments(const MediaFacts &facts)
{
    std::vector<EditSegment> segments;
    const StreamFacts *video = facts.video();
    double at = 0.0;
    for (const EditListEntry &entry : facts.editList) {
        if (!video || entry.streamIndex != video->index)
            continue;
        const double end = at + std::max(0.0, entry.durationSeconds);
        segments.push_back({at, end,
                            entry.mediaTime < 0    ? sayHistory("edit list: nothing is shown")
                            : entry.mediaTime == 0 ? sayHistory("edit list: from the start of what is stored")
                                                   : sayHistory("edit list: what is stored from %1 s on")
                                                         .arg(double(entry.mediaTime) * video->timeBase.toDouble(), 0, 'f', 3)});
        at = end;
    }
    return segments;
}

std::vector<FrameIndex> clockGaps(const Ledger &ledger)
{
    std::vector<std::int64_t> steps;
    for (std::int64_t i = 1; i < ledger.count(); ++i)
        steps.push_back(ledger.entries[std::size_t(i)].pts - ledger.entries[std::size_t(i) - 1].pts);
    if (steps.empty())
        return {};
    std::vector<std::int64_t> sorted = steps;
    const auto middle = sorted.begin() + std::ptrdiff_t(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    std::vector<FrameIndex> gaps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (*middle > 0 && 2 * steps[i] > 3 * *middle)
            gaps.push_back(FrameIndex(i));
    }
    return gaps;
}

std::vector<double> clockSteps(const Ledger &ledger)
{
    std::vector<double> steps;
    for (std::int64_t i = 1; i < ledger.count(); ++i)
        steps.push_back(ledger.seconds(i) - ledger.seconds(i - 1));
    return steps;
}

EarlierEncoding earlierEncoding(const ClipModel &model)
{
    EarlierEncoding earlier;
    const std::size_t count = model.ledger().entries.size();
    earlier.peaks.assign(count, 0.0);
    earlier.expected.assign(count, false);
    const auto each = [&](const QString &id, const auto &take) {
        const Trace *trace = traceNamed(model, id);
        for (std::size_t i = 0; trace && i < trace->frames.size(); ++i) {
            const FrameIndex frame = trace->frames[i];
            if (frame >= 0 && std::size_t(frame) < count && !std::isnan(trace->values[i]))
                take(std::size_t(frame), trace->values[i]);
        }
        return trace != nullptr;
    };
    earlier.measured = each(u"frame_deletion.footprint"_s, [&](std::size_t frame, double value) {
        earlier.peaks[frame] = value;
        earlier.most = std::max(earlier.most, value);
    });
    each(u"frame_deletion.beat"_s, [&](std::size_t frame, double) { earlier.expected[frame] = true; });
    for (const MethodResult &result : model.results()) {
        for (const Event &event : result.result.measured.events) {
            if (event.kind == u"phase-break"_s)
                earlier.breaks.push_back(event.range);
        }
    }
    return earlier;
}

std::vector<CopiedStretch> copiedStretches(const ClipModel &model)
{
    std::vector<CopiedStretch> copies;
    for (const MethodResult &result : model.results()) {
        for (const Table &table : result.result.measured.tables) {
            if (table.id != u"frame_deletion.copies"_s || table.columns.size() < 3)
                continue;
            for (const QJsonArray &row : table.rows) {
                const auto from = FrameIndex(row.at(0).toDouble()), to = FrameIndex(row.at(1).toDouble());
                const auto length = FrameIndex(row.at(2).toDouble());
                copies.push_back({{from, from + length}, {to, to + length}});
            }
        }
    }
    return copies;
}

std::vector<HistoryEvent> historyEvents(const ClipModel &model)
{
    std::vector<HistoryEvent> events;
    const FrameRange whole{0, model.ledger().count()};
    for (const MethodResult &result : model.results()) {
        const Manifest *manifest = model.manifest(result.record.pluginId);
        if (!manifest || manifest->family != u"video forensics")
            continue;
        for (const Event &event : result.result.measured.events) {
            const auto &findings = result.result.findings;
            const bool suspicious = std::any_of(findings.begin(), findings.end(), [&](const Finding &f) {
                return f.verdict == Verdict::Suspicious && f.range && f.range->length() < whole.length()
                    && f.range->begin <= event.range.begin && event.range.end <= f.range->end;
            });
            events.push_back({event, suspicious});
        }
    }
    return events;
}

std::vector<HistoryClaim> historyClaims(const ClipModel &model)
{
    std::vector<HistoryClaim> claims;
    for (const MethodResult &result : model.results()) {
        const Manifest *manifest = model.manifest(result.record.pluginId);
        if (!manifest || manifest->family != u"video forensics")
            continue;
        for (const Finding &finding : result.result.findings) {
            claims.push_back({{result.record.pluginId, finding.id}, finding.verdict, finding.strength.value_or(0.0),
                              finding.keyFrame.value_or(finding.range ? finding.range->begin : 0), finding.title,
                              finding.summary, manifest->name, measuredText(finding)});
        }
    }
    std::stable_sort(claims.begin(), claims.end(), [](const HistoryClaim &a, const HistoryClaim &b) {
        const int p = rankOf(a.verdict), q = rankOf(b.verdict);
        return p != q ? p < q : a.strength > b.strength;
    });
    return claims;
}

const Trace *traceNamed(const ClipModel &model, const QString &id)
{
    for (const MethodResult &result : model.results()) {
        for (const Trace &trace : result.result.measured.traces) {
            if (trace.id == id)
                return &trace;
        }
    }
    return nullptr;
}

Table groupTable(const std::vector<PictureGroup> &groups, const Ledger &ledger)
{
    Table table;
    table.id = u"history.groups"_s;
    table.title = sayHistory("Groups of pictures");
    table.columns = {{sayHistory("First frame"), {}, true}, {sayHistory("Time"), u"s"_s}, {sayHistory("Frames"), {}},
                     {u"I"_s, {}}, {u"P"_s, {}}, {u"B"_s, {}}, {sayHistory("Size"), u"bytes"_s},
                     {sayHistory("Mean quantiser"), {}}};
    for (const PictureGroup &group : groups) {
        table.rows.push_back(QJsonArray{double(group.frames.begin), ledger.seconds(group.frames.begin),
                                        double(group.frames.length()), group.intra, group.predicted,
                                        group.bidirectional, double(group.bytes),
                                        group.quantiser ? QJsonValue(*group.quantiser) : QJsonValue(QJsonValue::Null)});
    }
    return table;
}

Table claimTable(const std::vector<HistoryClaim> &claims)
{
    Table table;
    table.id = u"history.claims"_s;
    table.title = sayHistory("What the traces sayHistory");
    table.columns = {{sayHistory("Verdict"), {}}, {sayHistory("Frame"), {}, true}, {sayHistory("What"), {}}, {sayHistory("Measured"), {}},
                     {sayHistory("Strength 0–1"), {}}};
    for (const HistoryClaim &claim : claims) {
        table.rows.push_back(QJsonArray{verdictTitle(claim.verdict), double(claim.frame),
                                        claim.method + u": "_s + (claim.summary.isEmpty() ? claim.title : claim.summary),
                                        claim.measured,
                                        claim.strength > 0.0 ? QJsonValue(std::round(100.0 * claim.strength) / 100.0)
                                                             : QJsonValue(QJsonValue::Null)});
    }
    return table;
}

} // namespace fw
