// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/contract.h"

#include <QSet>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using Fault = std::optional<QString>;

bool isFrame(FrameIndex i, std::int64_t count)
{
    return i >= 0 && i < count;
}

bool isRange(const FrameRange &r, std::int64_t count)
{
    return r.begin >= 0 && r.begin < r.end && r.end <= count;
}

Fault idFault(QSet<QString> &ids, const QString &id, const QString &kind)
{
    if (id.isEmpty())
        return u"a %1 has no id"_s.arg(kind);
    if (ids.contains(id))
        return u"the id '%1' stands twice among its %2s"_s.arg(id, kind);
    ids.insert(id);
    return std::nullopt;
}

Fault traceFault(const Trace &t, std::int64_t count)
{
    const QString name = u"trace '%1'"_s.arg(t.id);
    const std::size_t n = t.frames.size();
    if (t.values.size() != n)
        return u"%1 has %2 values for %3 frames"_s.arg(name).arg(t.values.size()).arg(n);
    if (t.lower.size() != t.upper.size() || (!t.lower.empty() && t.lower.size() != n))
        return u"the band of %1 is not as long as the trace"_s.arg(name);
    for (std::size_t i = 0; i < n; ++i) {
        if (!isFrame(t.frames[i], count))
            return u"%1 names frame %2 of %3"_s.arg(name).arg(t.frames[i]).arg(count);
        if (i > 0 && t.frames[i] <= t.frames[i - 1])
            return u"the frames of %1 do not ascend"_s.arg(name);
    }
    return std::nullopt;
}

Fault heatMapFault(const HeatMap &h, std::int64_t count)
{
    if (h.values.empty() || h.values.type() != CV_32FC1)
        return u"the values of heat map '%1' are not CV_32FC1"_s.arg(h.id);
    if (!isFrame(h.frame, count))
        return u"heat map '%1' names frame %2 of %3"_s.arg(h.id).arg(h.frame).arg(count);
    if (!(h.region.width > 0) || !(h.region.height > 0))
        return u"heat map '%1' covers no part of the frame"_s.arg(h.id);
    if (!std::isfinite(h.low) || !std::isfinite(h.high) || h.low >= h.high)
        return u"the colour bar of heat map '%1' has no length"_s.arg(h.id);
    return std::nullopt;
}

Fault vectorFault(const VectorSeries &v, std::int64_t count)
{
    for (std::size_t i = 0; i < v.items.size(); ++i) {
        if (!isFrame(v.items[i].frame, count))
            return u"'%1' names frame %2 of %3"_s.arg(v.id).arg(v.items[i].frame).arg(count);
        if (i > 0 && v.items[i].frame < v.items[i - 1].frame)
            return u"the frames of '%1' do not ascend"_s.arg(v.id);
    }
    return std::nullopt;
}

Fault tableFault(const Table &t, std::int64_t count)
{
    for (const QJsonArray &row : t.rows) {
        if (std::size_t(row.size()) != t.columns.size())
            return u"a row of table '%1' has not one cell for each column"_s.arg(t.id);
        for (std::size_t c = 0; c < t.columns.size(); ++c) {
            const QJsonValue cell = row[qsizetype(c)];
            if (cell.isObject() || cell.isArray())
                return u"a cell of table '%1' is no plain value"_s.arg(t.id);
            if (t.columns[c].isFrame && !cell.isNull() && !isFrame(cell.toInteger(-1), count))
                return u"table '%1' names a frame outside the clip"_s.arg(t.id);
        }
    }
    return std::nullopt;
}

Fault eventFault(const Event &e, std::int64_t count)
{
    if (!isRange(e.range, count))
        return u"event '%1' lies outside the clip"_s.arg(e.id);
    if (e.apex && !e.range.contains(*e.apex))
        return u"the apex of event '%1' lies outside of it"_s.arg(e.id);
    return std::nullopt;
}

Fault embeddingFault(const Embedding &e, std::int64_t count)
{
    if (!isRange(e.range, count))
        return u"embedding '%1' lies outside the clip"_s.arg(e.id);
    if (!std::all_of(e.values.begin(), e.values.end(), [](float v) { return std::isfinite(v); }))
        return u"embedding '%1' holds a value that is no number"_s.arg(e.id);
    return std::nullopt;
}

template <class T>
Fault eachFault(const std::vector<T> &items, const QString &kind, std::int64_t count,
                Fault (*check)(const T &, std::int64_t))
{
    QSet<QString> ids;
    for (const T &item : items) {
        if (auto fault = idFault(ids, item.id, kind))
            return fault;
        if (auto fault = check(item, count))
            return fault;
    }
    return std::nullopt;
}

Fault findingFault(const Finding &f, std::int64_t count)
{
    if (f.title.isEmpty() || f.summary.isEmpty())
        return u"finding '%1' has no title or no summary"_s.arg(f.id);
    if (f.strength && !(*f.strength >= 0.0 && *f.strength <= 1.0))
        return u"the strength of finding '%1' is not between 0 and 1"_s.arg(f.id);
    if (f.score && !std::isfinite(f.score->value))
        return u"the score of finding '%1' is no number"_s.arg(f.id);
    if (f.range && !isRange(*f.range, count))
        return u"finding '%1' lies outside the clip"_s.arg(f.id);
    if (f.keyFrame && !isFrame(*f.keyFrame, count))
        return u"finding '%1' names frame %2 of %3"_s.arg(f.id).arg(*f.keyFrame).arg(count);
    return std::nullopt;
}

} // namespace

Fault contractFault(const Measurements &m, std::int64_t count)
{
    Fault fault = eachFault(m.traces, u"trace"_s, count, traceFault);
    if (!fault)
        fault = eachFault(m.events, u"event"_s, count, eventFault);
    if (!fault)
        fault = eachFault(m.heatMaps, u"heat map"_s, count, heatMapFault);
    if (!fault)
        fault = eachFault(m.vectors, u"vector series"_s, count, vectorFault);
    if (!fault)
        fault = eachFault(m.tables, u"table"_s, count, tableFault);
    if (!fault)
        fault = eachFault(m.embeddings, u"embedding"_s, count, embeddingFault);
    return fault;
}

Fault contractFault(const Manifest &manifest, const AnalysisResult &result, std::int64_t count)
{
    if (manifest.viewerOnly && !result.findings.empty())
        return u"its manifest says that it only shows, and it made a finding"_s;
    if (auto fault = eachFault(result.findings, u"finding"_s, count, findingFault))
        return fault;
    return contractFault(result.measured, count);
}

} // namespace fw
