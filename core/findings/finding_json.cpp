// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/json.h"
#include "findings/serialize.h"

#include <opencv2/core.hpp>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QJsonValue json(const std::optional<TrackId> &track)
{
    return track ? QJsonValue(number(*track)) : QJsonValue(QJsonValue::Null);
}

QJsonValue json(const std::optional<FrameIndex> &frame)
{
    return frame ? QJsonValue(qint64(*frame)) : QJsonValue(QJsonValue::Null);
}

QJsonArray json(const FrameRange &range)
{
    return {qint64(range.begin), qint64(range.end)};
}

QJsonArray json(const cv::Rect2f &r)
{
    return {jsonNumber(double(r.x)), jsonNumber(double(r.y)), jsonNumber(double(r.width)),
            jsonNumber(double(r.height))};
}

QJsonValue json(const std::optional<cv::Rect2f> &rect)
{
    return rect ? QJsonValue(json(*rect)) : QJsonValue(QJsonValue::Null);
}

template <class T> QJsonArray numbers(const std::vector<T> &values)
{
    QJsonArray array;
    for (const T v : values)
        array.append(jsonNumber(double(v)));
    return array;
}

QJsonObject json(const Trace &t)
{
    QJsonArray thresholds, frames;
    for (const Threshold &h : t.thresholds)
        thresholds.append(QJsonObject{{u"value"_s, jsonNumber(h.value)}, {u"label"_s, h.label}});
    for (const FrameIndex f : t.frames)
        frames.append(qint64(f));
    QJsonObject object{{u"id"_s, t.id},
                       {u"title"_s, t.title},
                       {u"unit"_s, t.unit},
                       {u"about"_s, t.about},
                       {u"group"_s, t.group},
                       {u"track"_s, json(t.track)},
                       {u"frames"_s, frames},
                       {u"values"_s, numbers(t.values)},
                       {u"thresholds"_s, thresholds}};
    if (!t.lower.empty()) {
        object.insert(u"lower"_s, numbers(t.lower));
        object.insert(u"upper"_s, numbers(t.upper));
    }
    return object;
}

QJsonObject json(const Event &e)
{
    return {{u"id"_s, e.id},
            {u"kind"_s, e.kind},
            {u"label"_s, e.label},
            {u"range"_s, json(e.range)},
            {u"apex"_s, json(e.apex)},
            {u"track"_s, json(e.track)},
            {u"region"_s, json(e.region)},
            {u"strength"_s, jsonNumber(e.strength)}};
}

QJsonObject json(const HeatMap &h)
{
    const cv::Mat values = h.values.isContinuous() ? h.values : h.values.clone();
    const QByteArray bytes(reinterpret_cast<const char *>(values.data),
                           qsizetype(values.total() * values.elemSize()));
    // minMaxLoc answers wrongly when a value is not a number, so they are left out by hand.
    std::optional<double> least, most;
    for (int y = 0; y < values.rows && values.type() == CV_32FC1; ++y) {
        for (int x = 0; x < values.cols; ++x) {
            const double v = double(values.at<float>(y, x));
            if (!std::isfinite(v))
                continue;
            least = std::min(least.value_or(v), v);
            most = std::max(most.value_or(v), v);
        }
    }
    return {{u"id"_s, h.id},
            {u"title"_s, h.title},
            {u"unit"_s, h.unit},
            {u"about"_s, h.about},
            {u"frame"_s, qint64(h.frame)},
            {u"rows"_s, values.rows},
            {u"columns"_s, values.cols},
            {u"region"_s, json(h.region)},
            {u"low"_s, jsonNumber(h.low)},
            {u"high"_s, jsonNumber(h.high)},
            {u"least"_s, jsonNumber(least)},
            {u"most"_s, jsonNumber(most)},
            {u"sha256"_s, hexText(sha256(bytes))}};
}

QJsonObject json(const VectorSeries &s)
{
    QJsonArray items;
    for (const VectorSeries::Item &i : s.items) {
        items.append(QJsonObject{
            {u"frame"_s, qint64(i.frame)},
            {u"track"_s, json(i.track)},
            {u"from"_s, QJsonArray{jsonNumber(double(i.from.x)), jsonNumber(double(i.from.y))}},
            {u"to"_s, QJsonArray{jsonNumber(double(i.to.x)), jsonNumber(double(i.to.y))}},
            {u"label"_s, i.label}});
    }
    return {{u"id"_s, s.id}, {u"title"_s, s.title}, {u"about"_s, s.about}, {u"items"_s, items}};
}

QJsonObject json(const Table &t)
{
    QJsonArray columns, rows;
    for (const TableColumn &c : t.columns) {
        columns.append(
            QJsonObject{{u"title"_s, c.title}, {u"unit"_s, c.unit}, {u"isFrame"_s, c.isFrame}});
    }
    for (const QJsonArray &row : t.rows)
        rows.append(row);
    return {{u"id"_s, t.id},
            {u"title"_s, t.title},
            {u"about"_s, t.about},
            {u"columns"_s, columns},
            {u"rows"_s, rows}};
}

QJsonObject json(const Embedding &e)
{
    return {{u"id"_s, e.id},
            {u"title"_s, e.title},
            {u"track"_s, json(e.track)},
            {u"range"_s, json(e.range)},
            {u"values"_s, numbers(e.values)}};
}

template <class T> QJsonArray jsonList(const std::vector<T> &values)
{
    QJsonArray list;
    for (const T &v : values)
        list.append(json(v));
    return list;
}

} // namespace

QJsonObject toJson(const Measurements &m)
{
    return {{u"traces"_s, jsonList(m.traces)},     {u"events"_s, jsonList(m.events)},
            {u"heatMaps"_s, jsonList(m.heatMaps)}, {u"vectors"_s, jsonList(m.vectors)},
            {u"tables"_s, jsonList(m.tables)},     {u"embeddings"_s, jsonList(m.embeddings)}};
}

QJsonObject toJson(const Finding &f)
{
    QJsonValue score(QJsonValue::Null);
    if (f.score) {
        score = QJsonObject{{u"value"_s, jsonNumber(f.score->value)},
                            {u"scale"_s, scaleName(f.score->scale)},
                            {u"name"_s, f.score->name},
                            {u"unit"_s, f.score->unit},
                            {u"reference"_s, f.score->reference},
                            {u"low"_s, jsonNumber(f.score->low)},
                            {u"high"_s, jsonNumber(f.score->high)}};
    }
    return {{u"id"_s, f.id},
            {u"verdict"_s, verdictName(f.verdict)},
            {u"title"_s, f.title},
            {u"summary"_s, f.summary},
            {u"strength"_s, jsonNumber(f.strength)},
            {u"score"_s, score},
            {u"supports"_s, jsonStrings(f.supports)},
            {u"against"_s, jsonStrings(f.against)},
            {u"limits"_s, jsonStrings(f.limits)},
            {u"range"_s, f.range ? QJsonValue(json(*f.range)) : QJsonValue(QJsonValue::Null)},
            {u"track"_s, json(f.track)},
            {u"region"_s, json(f.region)},
            {u"keyFrame"_s, json(f.keyFrame)}};
}

QJsonObject toJson(const RunRecord &r, bool withTimes)
{
    QJsonObject object{{u"pluginId"_s, r.pluginId},
                       {u"pluginVersion"_s, r.pluginVersion},
                       {u"options"_s, r.options},
                       {u"modelHashes"_s, jsonTexts(r.modelHashes)},
                       {u"mediaSha256"_s, r.mediaSha256},
                       {u"streamIndex"_s, r.streamIndex},
                       {u"frames"_s, json(r.frames)},
                       {u"programVersion"_s, r.programVersion},
                       {u"libraries"_s, jsonTexts(r.libraries)},
                       {u"inputs"_s, jsonTexts(r.inputs)},
                       // A 64-bit number does not survive JSON readers that use doubles.
                       {u"seed"_s, QString::number(r.seed)},
                       {u"cacheKey"_s, r.cacheKey()}};
    if (withTimes) {
        object.insert(u"started"_s, r.started.toUTC().toString(Qt::ISODateWithMs));
        object.insert(u"wallSeconds"_s, jsonNumber(r.wallSeconds));
    }
    return object;
}

QJsonObject toJson(const MethodResult &result, bool withTimes)
{
    QJsonArray findings;
    for (const Finding &f : result.result.findings)
        findings.append(toJson(f));
    return {{u"run"_s, toJson(result.record, withTimes)},
            {u"state"_s, runStateName(result.state)},
            {u"reason"_s, result.reason},
            {u"findings"_s, findings},
            {u"measured"_s, toJson(result.result.measured)}};
}

Result<RunRecord> recordFromJson(const QJsonObject &object)
{
    RunRecord r;
    r.pluginId = object.value(u"pluginId"_s).toString();
    r.pluginVersion = object.value(u"pluginVersion"_s).toString();
    if (r.pluginId.isEmpty() || r.pluginVersion.isEmpty())
        return fail(Errc::BadData, u"a run record names no plugin or no version"_s);
    const QJsonArray frames = object.value(u"frames"_s).toArray();
    bool seedOk = false;
    r.seed = object.value(u"seed"_s).toString().toULongLong(&seedOk);
    if (frames.size() != 2 || !seedOk)
        return fail(Errc::BadData, u"a run record has no frame range or no seed"_s, r.pluginId);
    r.options = object.value(u"options"_s).toObject();
    r.modelHashes = textsOf(object.value(u"modelHashes"_s));
    r.mediaSha256 = object.value(u"mediaSha256"_s).toString();
    r.streamIndex = object.value(u"streamIndex"_s).toInt();
    r.frames = {frames.at(0).toInteger(), frames.at(1).toInteger()};
    r.programVersion = object.value(u"programVersion"_s).toString();
    r.libraries = textsOf(object.value(u"libraries"_s));
    r.inputs = textsOf(object.value(u"inputs"_s));
    if (object.contains(u"started"_s))
        r.started = QDateTime::fromString(object.value(u"started"_s).toString(), Qt::ISODateWithMs);
    r.wallSeconds = object.value(u"wallSeconds"_s).toDouble();
    return r;
}

} // namespace fw
