// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QJsonObject>
#include <QSet>
#include <QStringList>

#include <optional>

namespace fw {

/// Takes typed values out of a JSON object and remembers the first thing that was wrong. Keys that
/// nobody asked for are errors too, so every key has to be asked for before finish().
class JsonObjectReader
{
public:
    /// @param at  path of the object inside its file, "models[0]"; empty for the root.
    JsonObjectReader(QJsonObject object, QString at);

    bool has(const QString &key);
    QString text(const QString &key, bool required);
    std::optional<double> number(const QString &key);
    std::optional<bool> boolean(const QString &key);
    std::optional<int> integer(const QString &key);
    QStringList texts(const QString &key);
    QJsonObject object(const QString &key);
    QJsonArray array(const QString &key);
    QJsonValue any(const QString &key, bool required);

    /// Records a fault of `key` unless an earlier one is known.
    void refuse(const QString &key, const QString &why);
    /// Takes over the fault of a nested object.
    void absorb(const JsonObjectReader &nested);
    /// The full name of a key: "models[0].sha256".
    QString path(const QString &key) const;
    /// Looks for keys that nobody asked for. @return the first fault, as "key 'x': why".
    std::optional<QString> finish();

private:
    QJsonValue take(const QString &key, bool required, QJsonValue::Type type);

    QJsonObject m_object;
    QString m_at;
    QSet<QString> m_asked;
    std::optional<QString> m_fault;
};

/// The first key that stands twice in one object of a JSON text that is known to be well formed;
/// Qt's parser keeps the last of them without a word.
std::optional<QString> duplicateKey(const QByteArray &json);

} // namespace fw
