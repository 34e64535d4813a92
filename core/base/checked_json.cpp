// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/checked_json.h"

#include "base/hash.h"

#include <QFile>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace fw {

Result<QJsonObject> readCheckedJson(const QString &path, const QString &expected)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    if (const QString found = hexText(sha256(bytes)); found != expected)
        return fail(Errc::Mismatch, u"the file has the SHA-256 %1, expected %2"_s.arg(found, expected), path);
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject())
        return fail(Errc::BadData, u"is not a JSON object"_s, path);
    return document.object();
}

} // namespace fw
