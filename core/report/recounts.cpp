// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/recounts.h"

#include "base/json.h"

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

QJsonObject json(const BlinkEvidence &e)
{
    return {{u"blinks"_s, e.blinks},
            {u"complete"_s, e.complete},
            {u"partial"_s, e.partial},
            {u"perMinute"_s, jsonNumber(e.perMinute)},
            {u"chanceOfSoFew"_s, jsonNumber(e.pReference.value_or(e.pLow))},
            {u"chanceOfSoMany"_s, jsonNumber(e.pHigh)},
            {u"againstOwnReference"_s, e.pReference.has_value()}};
}

QJsonArray framesOf(const std::vector<Event> &events)
{
    QJsonArray ranges;
    for (const Event &e : events)
        ranges.append(QJsonArray{qint64(e.range.begin), qint64(e.range.end)});
    return ranges;
}

} // namespace

std::optional<Recount> recountOf(const ReportEvidence &evidence, const MethodResult &result, TrackId track)
{
    std::vector<ExaminerMark> marks;
    for (const Mark &mark : evidence.marks) {
        if (!mark.removed)
            marks.push_back({mark.range, mark.label});
    }
    return recountBlinks(result.result.measured, marks, track,
                         [&](FrameIndex frame) { return evidence.ledger.seconds(frame); }, result.record.pluginVersion);
}

QJsonArray recountsJson(const ReportEvidence &evidence, const MethodResult &result)
{
    QJsonArray recounts;
    for (const Finding &finding : result.result.findings) {
        const auto recount = finding.track ? recountOf(evidence, result, *finding.track) : std::nullopt;
        if (!recount)
            continue;
        QJsonArray others;
        for (const BlinkCorrection &c : recount->otherVersion) {
            others.append(QJsonObject{{u"frames"_s, QJsonArray{qint64(c.range.begin), qint64(c.range.end)}},
                                      {u"isBlink"_s, c.isBlink},
                                      {u"version"_s, c.version.isEmpty() ? QJsonValue() : QJsonValue(c.version)}});
        }
        recounts.append(QJsonObject{
            {u"finding"_s, finding.id},
            {u"track"_s, number(*finding.track)},
            {u"countedBy"_s, result.record.pluginVersion},
            {u"method"_s, json(recount->before)},
            {u"corrected"_s, json(recount->after)},
            {u"added"_s, framesOf(recount->blinks.added)},
            {u"rejected"_s, framesOf(recount->blinks.rejected)},
            {u"madeAgainstOtherVersions"_s, others},
            {u"kappaPerFrame"_s, recount->agreement ? QJsonValue(jsonNumber(*recount->agreement)) : QJsonValue()},
            {u"words"_s, jsonStrings(recount->lines)}});
    }
    return recounts;
}

} // namespace fw::report
