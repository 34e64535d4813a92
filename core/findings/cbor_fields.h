// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/packed.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QString>

#include <optional>
#include <vector>

namespace fw {

/// Reads typed fields of a CBOR map. The first field that is missing or of another type makes the
/// whole reading bad; the reader then goes on with harmless values, so callers check once at the
/// end.
class FieldReader
{
public:
    FieldReader(const QCborMap &map, bool *ok)
        : m_map(map)
        , m_ok(ok)
    {
    }

    QString text(QLatin1StringView key) const
    {
        const QCborValue v = m_map.value(key);
        return check(v.isString()) ? v.toString() : QString();
    }
    double number(QLatin1StringView key) const
    {
        const QCborValue v = m_map.value(key);
        return check(v.isDouble() || v.isInteger()) ? v.toDouble() : 0.0;
    }
    qint64 integer(QLatin1StringView key) const
    {
        const QCborValue v = m_map.value(key);
        return check(v.isInteger()) ? v.toInteger() : 0;
    }
    bool flag(QLatin1StringView key) const
    {
        const QCborValue v = m_map.value(key);
        return check(v.isBool()) && v.toBool();
    }
    QCborArray list(QLatin1StringView key) const
    {
        const QCborValue v = m_map.value(key);
        return check(v.isArray()) ? v.toArray() : QCborArray();
    }
    QCborValue raw(QLatin1StringView key) const { return m_map.value(key); }
    /// Readers of nested maps, which share this one's verdict.
    FieldReader inner(QLatin1StringView key) const { return of(m_map.value(key)); }
    FieldReader of(const QCborValue &value) const
    {
        check(value.isMap());
        return FieldReader(value.toMap(), m_ok);
    }
    template <class T> std::vector<T> numbers(QLatin1StringView key) const
    {
        std::vector<T> values;
        const QCborValue v = m_map.value(key);
        if (!check(v.isByteArray()))
            return values;
        check(readArray(v.toByteArray(), &values));
        return values;
    }
    bool has(QLatin1StringView key) const { return m_map.contains(key); }
    bool check(bool good) const
    {
        if (!good)
            *m_ok = false;
        return good;
    }

private:
    QCborMap m_map;
    bool *m_ok;
};

} // namespace fw
