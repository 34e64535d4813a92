// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/measurement_bytes.h"

#include "findings/cbor_values.h"

using namespace Qt::StringLiterals;

namespace fw {

using namespace cbor;

namespace {

constexpr int kMaxHeatSide = 65535;

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

template <class T> QCborArray allOf(const std::vector<T> &values)
{
    return listOf(values, [](const T &v) { return fields(v); });
}

} // namespace

QCborMap measurementFields(const Measurements &m)
{
    return {{"traces"_L1, allOf(m.traces)},     {"events"_L1, allOf(m.events)},
            {"heatMaps"_L1, allOf(m.heatMaps)}, {"vectors"_L1, allOf(m.vectors)},
            {"tables"_L1, allOf(m.tables)},     {"embeddings"_L1, allOf(m.embeddings)}};
}

Measurements measurementsFrom(const FieldReader &in)
{
    Measurements m;
    readList(in, "traces"_L1, trace, &m.traces);
    readList(in, "events"_L1, event, &m.events);
    readList(in, "heatMaps"_L1, heatMap, &m.heatMaps);
    readList(in, "vectors"_L1, vectorSeries, &m.vectors);
    readList(in, "tables"_L1, table, &m.tables);
    readList(in, "embeddings"_L1, embedding, &m.embeddings);
    return m;
}

} // namespace fw
