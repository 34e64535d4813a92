// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/cbor_fields.h"
#include "findings/serialize.h"

#include <QCborArray>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr char kMagic[5] = "FWR1";
constexpr int kMaxHeatSide = 65535;

// ---- small values

QCborValue optional(const std::optional<double> &value)
{
    return value ? QCborValue(*value) : QCborValue(nullptr);
}

QCborValue optional(const std::optional<TrackId> &track)
{
    return track ? QCborValue(number(*track)) : QCborValue(nullptr);
}

QCborValue optional(const std::optional<FrameIndex> &frame)
{
    return frame ? QCborValue(qint64(*frame)) : QCborValue(nullptr);
}

QCborArray rectArray(const cv::Rect2f &r)
{
    return {double(r.x), double(r.y), double(r.width), double(r.height)};
}

QCborValue optional(const std::optional<cv::Rect2f> &rect)
{
    return rect ? QCborValue(rectArray(*rect)) : QCborValue(nullptr);
}

QCborArray rangeArray(const FrameRange &range)
{
    return {qint64(range.begin), qint64(range.end)};
}

std::optional<double> optionalNumber(const FieldReader &in, QLatin1StringView key)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return in.number(key);
}

std::optional<TrackId> optionalTrack(const FieldReader &in, QLatin1StringView key = "track"_L1)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return TrackId(int(in.integer(key)));
}

std::optional<FrameIndex> optionalFrame(const FieldReader &in, QLatin1StringView key)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return in.integer(key);
}

cv::Rect2f rect(const FieldReader &in, QLatin1StringView key)
{
    const QCborArray a = in.list(key);
    if (!in.check(a.size() == 4))
        return {};
    return {float(a.at(0).toDouble()), float(a.at(1).toDouble()), float(a.at(2).toDouble()),
            float(a.at(3).toDouble())};
}

std::optional<cv::Rect2f> optionalRect(const FieldReader &in, QLatin1StringView key)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return rect(in, key);
}

FrameRange range(const FieldReader &in, QLatin1StringView key)
{
    const QCborArray a = in.list(key);
    if (!in.check(a.size() == 2 && a.at(0).isInteger() && a.at(1).isInteger()))
        return {};
    return {a.at(0).toInteger(), a.at(1).toInteger()};
}

QCborArray stringArray(const QStringList &strings)
{
    return QCborArray::fromStringList(strings);
}

QStringList strings(const FieldReader &in, QLatin1StringView key)
{
    QStringList list;
    for (const QCborValue &v : in.list(key)) {
        in.check(v.isString());
        list << v.toString();
    }
    return list;
}

// Ascending indices as steps: mostly ones, which shrink to almost nothing. Unsigned, so that
// extreme indices of a damaged file wrap instead of overflowing.
QByteArray frameBytes(const std::vector<FrameIndex> &frames)
{
    std::vector<quint64> steps(frames.size());
    quint64 last = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        steps[i] = quint64(frames[i]) - last;
        last = quint64(frames[i]);
    }
    return arrayBytes(steps);
}

std::vector<FrameIndex> frames(const FieldReader &in, QLatin1StringView key)
{
    const std::vector<quint64> steps = in.numbers<quint64>(key);
    std::vector<FrameIndex> frames(steps.size());
    quint64 at = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        at += steps[i];
        frames[i] = FrameIndex(at);
    }
    return frames;
}

// ---- measurements

QCborMap fields(const Trace &t)
{
    QCborArray thresholds;
    for (const Threshold &h : t.thresholds)
        thresholds.append(QCborArray{h.value, h.label});
    return {{"id"_L1, t.id},
            {"title"_L1, t.title},
            {"unit"_L1, t.unit},
            {"about"_L1, t.about},
            {"track"_L1, optional(t.track)},
            {"frames"_L1, frameBytes(t.frames)},
            {"values"_L1, arrayBytes(t.values)},
            {"lower"_L1, arrayBytes(t.lower)},
            {"upper"_L1, arrayBytes(t.upper)},
            {"thresholds"_L1, thresholds},
            {"group"_L1, t.group}};
}

Trace trace(const FieldReader &in)
{
    Trace t{in.text("id"_L1),
            in.text("title"_L1),
            in.text("unit"_L1),
            in.text("about"_L1),
            optionalTrack(in),
            frames(in, "frames"_L1),
            in.numbers<double>("values"_L1),
            in.numbers<double>("lower"_L1),
            in.numbers<double>("upper"_L1),
            {},
            in.text("group"_L1)};
    for (const QCborValue &v : in.list("thresholds"_L1)) {
        const QCborArray pair = v.toArray();
        if (in.check(pair.size() == 2 && pair.at(1).isString()))
            t.thresholds.push_back({pair.at(0).toDouble(), pair.at(1).toString()});
    }
    // Every reader may count on equal lengths.
    const auto whole = [&](const std::vector<double> &v) {
        return v.empty() || v.size() == t.frames.size();
    };
    in.check(t.values.size() == t.frames.size() && whole(t.lower) && whole(t.upper) &&
             t.lower.size() == t.upper.size());
    return t;
}

QCborMap fields(const Event &e)
{
    return {{"id"_L1, e.id},
            {"kind"_L1, e.kind},
            {"label"_L1, e.label},
            {"range"_L1, rangeArray(e.range)},
            {"apex"_L1, optional(e.apex)},
            {"track"_L1, optional(e.track)},
            {"region"_L1, optional(e.region)},
            {"strength"_L1, e.strength}};
}

Event event(const FieldReader &in)
{
    return {in.text("id"_L1),
            in.text("kind"_L1),
            in.text("label"_L1),
            range(in, "range"_L1),
            optionalFrame(in, "apex"_L1),
            optionalTrack(in),
            optionalRect(in, "region"_L1),
            in.number("strength"_L1)};
}

QCborMap fields(const HeatMap &h)
{
    cv::Mat values = h.values;
    if (!values.empty() && (values.type() != CV_32FC1 || !values.isContinuous())) {
        Q_ASSERT(values.type() == CV_32FC1);
        values = values.clone();
    }
    const QByteArray bytes(reinterpret_cast<const char *>(values.data),
                           qsizetype(values.total() * values.elemSize()));
    return {
        {"id"_L1, h.id},          {"title"_L1, h.title},         {"unit"_L1, h.unit},
        {"about"_L1, h.about},    {"frame"_L1, qint64(h.frame)}, {"rows"_L1, values.rows},
        {"cols"_L1, values.cols}, {"values"_L1, bytes},          {"region"_L1, rectArray(h.region)},
        {"low"_L1, h.low},        {"high"_L1, h.high},           {"colorMap"_L1, h.colorMap}};
}

HeatMap heatMap(const FieldReader &in)
{
    HeatMap h{in.text("id"_L1), in.text("title"_L1), in.text("unit"_L1), in.text("about"_L1),
              in.integer("frame"_L1)};
    const qint64 rows = in.integer("rows"_L1), cols = in.integer("cols"_L1);
    const std::vector<float> values = in.numbers<float>("values"_L1);
    if (in.check(rows >= 0 && cols >= 0 && rows <= kMaxHeatSide && cols <= kMaxHeatSide &&
                 quint64(rows * cols) == values.size()) &&
        !values.empty()) {
        h.values.create(int(rows), int(cols), CV_32FC1);
        std::memcpy(h.values.data, values.data(), values.size() * sizeof(float));
    }
    h.region = rect(in, "region"_L1);
    h.low = in.number("low"_L1);
    h.high = in.number("high"_L1);
    h.colorMap = in.text("colorMap"_L1);
    return h;
}

QCborMap fields(const VectorSeries &s)
{
    std::vector<FrameIndex> at;
    std::vector<float> points;
    QCborArray tracks, labels;
    for (const VectorSeries::Item &i : s.items) {
        at.push_back(i.frame);
        points.insert(points.end(), {i.from.x, i.from.y, i.to.x, i.to.y});
        tracks.append(optional(i.track));
        labels.append(i.label);
    }
    return {{"id"_L1, s.id},       {"title"_L1, s.title},         {"about"_L1, s.about},
            {"color"_L1, s.color}, {"frames"_L1, frameBytes(at)}, {"points"_L1, arrayBytes(points)},
            {"tracks"_L1, tracks}, {"labels"_L1, labels}};
}

VectorSeries vectorSeries(const FieldReader &in)
{
    VectorSeries s{
        in.text("id"_L1), in.text("title"_L1), in.text("about"_L1), in.text("color"_L1), {}};
    const std::vector<FrameIndex> at = frames(in, "frames"_L1);
    const std::vector<float> points = in.numbers<float>("points"_L1);
    const QCborArray tracks = in.list("tracks"_L1), labels = in.list("labels"_L1);
    if (!in.check(points.size() == 4 * at.size() && std::size_t(tracks.size()) == at.size() &&
                  std::size_t(labels.size()) == at.size()))
        return s;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const float *p = &points[4 * i];
        const QCborValue track = tracks.at(qsizetype(i));
        s.items.push_back(
            {at[i],
             track.isInteger() ? std::optional(TrackId(int(track.toInteger()))) : std::nullopt,
             {p[0], p[1]},
             {p[2], p[3]},
             labels.at(qsizetype(i)).toString()});
    }
    return s;
}

QCborMap fields(const Table &t)
{
    QCborArray columns, rows;
    for (const TableColumn &c : t.columns)
        columns.append(QCborArray{c.title, c.unit, c.isFrame});
    for (const QJsonArray &r : t.rows)
        rows.append(QCborArray::fromJsonArray(r));
    return {{"id"_L1, t.id},
            {"title"_L1, t.title},
            {"about"_L1, t.about},
            {"columns"_L1, columns},
            {"rows"_L1, rows}};
}

Table table(const FieldReader &in)
{
    Table t{in.text("id"_L1), in.text("title"_L1), in.text("about"_L1), {}, {}};
    for (const QCborValue &v : in.list("columns"_L1)) {
        const QCborArray c = v.toArray();
        if (in.check(c.size() == 3))
            t.columns.push_back({c.at(0).toString(), c.at(1).toString(), c.at(2).toBool()});
    }
    for (const QCborValue &v : in.list("rows"_L1)) {
        if (in.check(v.isArray()))
            t.rows.push_back(v.toArray().toJsonArray());
    }
    return t;
}

QCborMap fields(const Embedding &e)
{
    return {{"id"_L1, e.id},
            {"title"_L1, e.title},
            {"track"_L1, optional(e.track)},
            {"range"_L1, rangeArray(e.range)},
            {"values"_L1, arrayBytes(e.values)}};
}

Embedding embedding(const FieldReader &in)
{
    return {in.text("id"_L1), in.text("title"_L1), optionalTrack(in), range(in, "range"_L1),
            in.numbers<float>("values"_L1)};
}

// ---- findings

QCborMap fields(const Score &s)
{
    return {{"value"_L1, s.value},         {"scale"_L1, scaleName(s.scale)},
            {"name"_L1, s.name},           {"unit"_L1, s.unit},
            {"reference"_L1, s.reference}, {"low"_L1, optional(s.low)},
            {"high"_L1, optional(s.high)}};
}

Score score(const FieldReader &in)
{
    const auto scale = scaleFromName(in.text("scale"_L1));
    in.check(scale.has_value());
    return {in.number("value"_L1),        scale.value_or(ScoreScale::Raw),
            in.text("name"_L1),           in.text("unit"_L1),
            in.text("reference"_L1),      optionalNumber(in, "low"_L1),
            optionalNumber(in, "high"_L1)};
}

QCborMap fields(const Finding &f)
{
    return {{"id"_L1, f.id},
            {"verdict"_L1, verdictName(f.verdict)},
            {"title"_L1, f.title},
            {"summary"_L1, f.summary},
            {"strength"_L1, optional(f.strength)},
            {"score"_L1, f.score ? QCborValue(fields(*f.score)) : QCborValue(nullptr)},
            {"supports"_L1, stringArray(f.supports)},
            {"against"_L1, stringArray(f.against)},
            {"limits"_L1, stringArray(f.limits)},
            {"range"_L1, f.range ? QCborValue(rangeArray(*f.range)) : QCborValue(nullptr)},
            {"track"_L1, optional(f.track)},
            {"region"_L1, optional(f.region)},
            {"keyFrame"_L1, optional(f.keyFrame)}};
}

Finding finding(const FieldReader &in)
{
    Finding f;
    f.id = in.text("id"_L1);
    const auto verdict = verdictFromName(in.text("verdict"_L1));
    if (in.check(verdict.has_value()))
        f.verdict = *verdict;
    f.title = in.text("title"_L1);
    f.summary = in.text("summary"_L1);
    f.strength = optionalNumber(in, "strength"_L1);
    if (!in.raw("score"_L1).isNull())
        f.score = score(in.inner("score"_L1));
    f.supports = strings(in, "supports"_L1);
    f.against = strings(in, "against"_L1);
    f.limits = strings(in, "limits"_L1);
    if (!in.raw("range"_L1).isNull())
        f.range = range(in, "range"_L1);
    f.track = optionalTrack(in);
    f.region = optionalRect(in, "region"_L1);
    f.keyFrame = optionalFrame(in, "keyFrame"_L1);
    return f;
}

template <class T> QCborArray listOf(const std::vector<T> &values)
{
    QCborArray list;
    for (const T &v : values)
        list.append(fields(v));
    return list;
}

template <class T>
void readList(const FieldReader &in, QLatin1StringView key, T (*read)(const FieldReader &),
              std::vector<T> *to)
{
    for (const QCborValue &v : in.list(key)) {
        if (in.check(v.isMap()))
            to->push_back(read(in.of(v)));
    }
}

} // namespace

QByteArray toBytes(const AnalysisResult &result)
{
    const Measurements &m = result.measured;
    const QCborMap map{
        {"findings"_L1, listOf(result.findings)}, {"traces"_L1, listOf(m.traces)},
        {"events"_L1, listOf(m.events)},          {"heatMaps"_L1, listOf(m.heatMaps)},
        {"vectors"_L1, listOf(m.vectors)},        {"tables"_L1, listOf(m.tables)},
        {"embeddings"_L1, listOf(m.embeddings)}};
    return sealed(kMagic, QCborValue(map).toCbor());
}

Result<AnalysisResult> resultFromBytes(const QByteArray &bytes)
{
    const auto body = unsealed(kMagic, bytes);
    if (!body)
        return Failure{body.error()};
    QCborParserError error;
    const QCborValue root = QCborValue::fromCbor(*body, &error);
    if (error.error != QCborError::NoError || !root.isMap())
        return fail(Errc::BadData, u"the stored result is not well formed"_s);

    bool ok = true;
    const FieldReader in(root.toMap(), &ok);
    AnalysisResult result;
    readList(in, "findings"_L1, finding, &result.findings);
    readList(in, "traces"_L1, trace, &result.measured.traces);
    readList(in, "events"_L1, event, &result.measured.events);
    readList(in, "heatMaps"_L1, heatMap, &result.measured.heatMaps);
    readList(in, "vectors"_L1, vectorSeries, &result.measured.vectors);
    readList(in, "tables"_L1, table, &result.measured.tables);
    readList(in, "embeddings"_L1, embedding, &result.measured.embeddings);
    if (!ok)
        return fail(Errc::BadData, u"the stored result has missing or contradicting fields"_s);
    return result;
}

} // namespace fw
