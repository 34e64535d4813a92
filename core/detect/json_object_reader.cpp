// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/json_object_reader.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString typeName(QJsonValue::Type type)
{
    switch (type) {
    case QJsonValue::Null:
        return u"null"_s;
    case QJsonValue::Bool:
        return u"true or false"_s;
    case QJsonValue::Double:
        return u"a number"_s;
    case QJsonValue::String:
        return u"text"_s;
    case QJsonValue::Array:
        return u"a list"_s;
    case QJsonValue::Object:
        return u"an object"_s;
    case QJsonValue::Undefined:
        break;
    }
    return u"nothing"_s;
}

} // namespace

JsonObjectReader::JsonObjectReader(QJsonObject object, QString at)
    : m_object(std::move(object))
    , m_at(std::move(at))
{
}

QString JsonObjectReader::path(const QString &key) const
{
    return m_at.isEmpty() ? key : m_at + u'.' + key;
}

void JsonObjectReader::refuse(const QString &key, const QString &why)
{
    if (!m_fault)
        m_fault = u"key '%1': %2"_s.arg(path(key), why);
}

void JsonObjectReader::absorb(const JsonObjectReader &nested)
{
    if (!m_fault)
        m_fault = nested.m_fault;
}

bool JsonObjectReader::has(const QString &key)
{
    m_asked.insert(key);
    return m_object.contains(key);
}

QJsonValue JsonObjectReader::any(const QString &key, bool required)
{
    if (!has(key) && required)
        refuse(key, u"is missing"_s);
    return m_object.value(key);
}

QJsonValue JsonObjectReader::take(const QString &key, bool required, QJsonValue::Type type)
{
    const QJsonValue value = any(key, required);
    if (value.isUndefined() || value.type() == type)
        return value;
    refuse(key, u"is %1, expected %2"_s.arg(typeName(value.type()), typeName(type)));
    return QJsonValue::Undefined;
}

QString JsonObjectReader::text(const QString &key, bool required)
{
    const QString value = take(key, required, QJsonValue::String).toString();
    if (required && value.trimmed().isEmpty())
        refuse(key, u"is empty"_s);
    return value;
}

std::optional<double> JsonObjectReader::number(const QString &key)
{
    const QJsonValue value = take(key, false, QJsonValue::Double);
    return value.isUndefined() ? std::nullopt : std::optional(value.toDouble());
}

std::optional<int> JsonObjectReader::integer(const QString &key)
{
    const auto value = number(key);
    if (!value)
        return std::nullopt;
    if (*value != std::floor(*value) || std::abs(*value) > 1e9) {
        refuse(key, u"is not a whole number"_s);
        return std::nullopt;
    }
    return int(*value);
}

std::optional<bool> JsonObjectReader::boolean(const QString &key)
{
    const QJsonValue value = take(key, false, QJsonValue::Bool);
    return value.isUndefined() ? std::nullopt : std::optional(value.toBool());
}

QStringList JsonObjectReader::texts(const QString &key)
{
    QStringList texts;
    const QJsonArray list = array(key);
    for (const QJsonValue &value : list) {
        if (!value.isString() || value.toString().isEmpty())
            refuse(key, u"must hold words only"_s);
        else if (texts.contains(value.toString()))
            refuse(key, u"holds '%1' twice"_s.arg(value.toString()));
        else
            texts << value.toString();
    }
    return texts;
}

QJsonObject JsonObjectReader::object(const QString &key)
{
    return take(key, false, QJsonValue::Object).toObject();
}

QJsonArray JsonObjectReader::array(const QString &key)
{
    return take(key, false, QJsonValue::Array).toArray();
}

std::optional<QString> JsonObjectReader::finish()
{
    for (auto it = m_object.begin(); it != m_object.end(); ++it) {
        if (!m_asked.contains(it.key()))
            refuse(it.key(), u"is not known"_s);
    }
    return m_fault;
}

std::optional<QString> duplicateKey(const QByteArray &json)
{
    // One set of keys per open object; null marks an open list, whose strings are no keys.
    std::vector<std::optional<QSet<QString>>> open;
    bool keyExpected = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        switch (json[i]) {
        case '{':
            open.emplace_back(QSet<QString>());
            keyExpected = true;
            break;
        case '[':
            open.emplace_back(std::nullopt);
            keyExpected = false;
            break;
        case '}':
        case ']':
            if (!open.empty())
                open.pop_back();
            keyExpected = false;
            break;
        case ',':
            keyExpected = !open.empty() && open.back().has_value();
            break;
        case '"': {
            const qsizetype begin = i;
            for (++i; i < json.size() && json[i] != '"'; ++i) {
                if (json[i] == '\\')
                    ++i;
            }
            if (!keyExpected)
                break;
            // Let the parser undo escapes, so that "\u0061" and "a" are one key.
            const QByteArray quoted = json.mid(begin, i - begin + 1);
            const QString key =
                QJsonDocument::fromJson('[' + quoted + ']').array().at(0).toString();
            if (open.back()->contains(key))
                return key;
            open.back()->insert(key);
            keyExpected = false;
            break;
        }
        default:
            break;
        }
    }
    return std::nullopt;
}

} // namespace fw
