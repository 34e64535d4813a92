// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/cbor_fields.h"
#include "findings/measurement.h"

#include <QCborArray>
#include <QStringList>

#include <optional>
#include <vector>

/// The small values that findings and measurements share, as CBOR and back.
namespace fw::cbor {

inline QCborValue optional(const std::optional<double> &value)
{
    return value ? QCborValue(*value) : QCborValue(nullptr);
}

inline QCborValue optional(const std::optional<TrackId> &track)
{
    return track ? QCborValue(number(*track)) : QCborValue(nullptr);
}

inline QCborValue optional(const std::optional<FrameIndex> &frame)
{
    return frame ? QCborValue(qint64(*frame)) : QCborValue(nullptr);
}

inline QCborArray rectArray(const cv::Rect2f &r)
{
    return {double(r.x), double(r.y), double(r.width), double(r.height)};
}

inline QCborValue optional(const std::optional<cv::Rect2f> &rect)
{
    return rect ? QCborValue(rectArray(*rect)) : QCborValue(nullptr);
}

inline QCborArray rangeArray(const FrameRange &range)
{
    return {qint64(range.begin), qint64(range.end)};
}

inline std::optional<double> optionalNumber(const FieldReader &in, QLatin1StringView key)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return in.number(key);
}

inline std::optional<TrackId> optionalTrack(const FieldReader &in,
                                            QLatin1StringView key = QLatin1StringView("track"))
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return TrackId(int(in.integer(key)));
}

inline std::optional<FrameIndex> optionalFrame(const FieldReader &in, QLatin1StringView key)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return in.integer(key);
}

inline cv::Rect2f rect(const FieldReader &in, QLatin1StringView key)
{
    const QCborArray a = in.list(key);
    if (!in.check(a.size() == 4))
        return {};
    return {float(a.at(0).toDouble()), float(a.at(1).toDouble()), float(a.at(2).toDouble()),
            float(a.at(3).toDouble())};
}

inline std::optional<cv::Rect2f> optionalRect(const FieldReader &in, QLatin1StringView key)
{
    if (!in.has(key) || in.raw(key).isNull())
        return std::nullopt;
    return rect(in, key);
}

inline FrameRange range(const FieldReader &in, QLatin1StringView key)
{
    const QCborArray a = in.list(key);
    if (!in.check(a.size() == 2 && a.at(0).isInteger() && a.at(1).isInteger()))
        return {};
    return {a.at(0).toInteger(), a.at(1).toInteger()};
}

inline QCborArray stringArray(const QStringList &strings)
{
    return QCborArray::fromStringList(strings);
}

inline QStringList strings(const FieldReader &in, QLatin1StringView key)
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
inline QByteArray frameBytes(const std::vector<FrameIndex> &frames)
{
    std::vector<quint64> steps(frames.size());
    quint64 last = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        steps[i] = quint64(frames[i]) - last;
        last = quint64(frames[i]);
    }
    return arrayBytes(steps);
}

inline std::vector<FrameIndex> frames(const FieldReader &in, QLatin1StringView key)
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

template <class T, class Fields> QCborArray listOf(const std::vector<T> &values, Fields fields)
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

} // namespace fw::cbor
