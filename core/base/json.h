// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QJsonArray>
#include <QJsonObject>

#include <map>
#include <optional>
#include <vector>

namespace fw {

/// Keys sorted, no spaces: equal objects give equal bytes. Used for cache keys and the audit chain.
QByteArray canonicalJson(const QJsonObject &object);

/// Reads a file that must hold one JSON object; the error names the file and the offset.
Result<QJsonObject> readJsonObject(const QString &path);
Result<QJsonObject> parseJsonObject(const QByteArray &bytes, const QString &where);

/// Missing and not-a-number become null, so that no reader takes a gap for a zero.
QJsonValue jsonNumber(double value);
QJsonValue jsonNumber(const std::optional<double> &value);
QJsonArray jsonStrings(const QStringList &strings);
QStringList stringsOf(const QJsonValue &array);
QJsonObject jsonTexts(const std::map<QString, QString> &texts);
std::map<QString, QString> textsOf(const QJsonValue &object);

} // namespace fw
