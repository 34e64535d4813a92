// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"

#include <QFile>
#include <QJsonDocument>
#include <QStringList>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

QByteArray canonicalJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact); // QJsonObject keeps its keys sorted
}

Result<QJsonObject> parseJsonObject(const QByteArray &bytes, const QString &where)
{
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (error.error != QJsonParseError::NoError) {
        return fail(Errc::BadData,
                    u"not valid JSON at byte %1: %2"_s.arg(error.offset).arg(error.errorString()),
                    where);
    }
    if (!document.isObject())
        return fail(Errc::BadData, u"a JSON object was expected"_s, where);
    return document.object();
}

Result<QJsonObject> readJsonObject(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    return parseJsonObject(file.readAll(), path);
}

QJsonValue jsonNumber(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue(QJsonValue::Null);
}

QJsonValue jsonNumber(const std::optional<double> &value)
{
    return value ? jsonNumber(*value) : QJsonValue(QJsonValue::Null);
}

QJsonArray jsonStrings(const QStringList &strings)
{
    return QJsonArray::fromStringList(strings);
}

QStringList stringsOf(const QJsonValue &array)
{
    QStringList strings;
    for (const QJsonValue &v : array.toArray())
        strings << v.toString();
    return strings;
}

QJsonObject jsonTexts(const std::map<QString, QString> &texts)
{
    QJsonObject object;
    for (const auto &[key, value] : texts)
        object.insert(key, value);
    return object;
}

std::map<QString, QString> textsOf(const QJsonValue &object)
{
    std::map<QString, QString> texts;
    const QJsonObject o = object.toObject();
    for (auto it = o.begin(); it != o.end(); ++it)
        texts.emplace(it.key(), it.value().toString());
    return texts;
}

} // namespace fw
