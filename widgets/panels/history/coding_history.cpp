// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/history/coding_history.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QString say(const char *text)
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
                            entry.mediaTime < 0
                                ? say("edit list: nothing is shown")
                                : say("edit list: media from tick %1").arg(entry.mediaTime)});
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
                              finding.summary, manifest->name});
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
    table.title = say("Groups of pictures");
    table.columns = {{say("First frame"), {}, true}, {say("Time"), u"s"_s}, {say("Frames"), {}},
                     {u"I"_s, {}}, {u"P"_s, {}}, {u"B"_s, {}}, {say("Size"), u"bytes"_s},
                     {say("Mean quantiser"), {}}};
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
    table.title = say("What the traces say");
    table.columns = {{say("Verdict"), {}}, {say("Strength"), {}}, {say("Frame"), {}, true}, {say("What"), {}},
                     {say("Method"), {}}};
    for (const HistoryClaim &claim : claims) {
        table.rows.push_back(QJsonArray{verdictTitle(claim.verdict),
                                        claim.strength > 0.0 ? QJsonValue(claim.strength) : QJsonValue(QJsonValue::Null),
                                        double(claim.frame), claim.summary.isEmpty() ? claim.title : claim.summary,
                                        claim.method});
    }
    return table;
}

} // namespace fw
