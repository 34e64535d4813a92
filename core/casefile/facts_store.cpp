// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/facts_store.h"

#include "base/json.h"

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QJsonValue stored(const QString &value)
{
    return value;
}
QJsonValue stored(bool value)
{
    return value;
}
QJsonValue stored(int value)
{
    return value;
}
QJsonValue stored(std::int64_t value)
{
    return qint64(value);
}
QJsonValue stored(StreamKind value)
{
    return int(value);
}
QJsonValue stored(const Rational &value)
{
    return QJsonArray{qint64(value.num), qint64(value.den)};
}
QJsonValue stored(const std::map<QString, QString> &value)
{
    return jsonTexts(value);
}
QJsonValue stored(const std::optional<std::int64_t> &value)
{
    return value ? QJsonValue(qint64(*value)) : QJsonValue(QJsonValue::Null);
}
QJsonValue stored(const std::optional<double> &value)
{
    return jsonNumber(value);
}
QJsonValue stored(const QStringList &value)
{
    return jsonStrings(value);
}

void restore(const QJsonValue &from, QString *to)
{
    *to = from.toString();
}
void restore(const QJsonValue &from, bool *to)
{
    *to = from.toBool();
}
void restore(const QJsonValue &from, int *to)
{
    *to = from.toInt(*to);
}
void restore(const QJsonValue &from, std::int64_t *to)
{
    *to = from.toInteger();
}
void restore(const QJsonValue &from, StreamKind *to)
{
    *to = StreamKind(qBound(int(StreamKind::Video), from.toInt(), int(StreamKind::Attachment)));
}
void restore(const QJsonValue &from, Rational *to)
{
    const QJsonArray pair = from.toArray();
    *to = {pair.at(0).toInteger(), pair.at(1).toInteger(1)};
}
void restore(const QJsonValue &from, std::map<QString, QString> *to)
{
    *to = textsOf(from);
}
void restore(const QJsonValue &from, std::optional<std::int64_t> *to)
{
    *to = from.isDouble() ? std::optional<std::int64_t>(from.toInteger()) : std::nullopt;
}
void restore(const QJsonValue &from, std::optional<double> *to)
{
    *to = from.isDouble() ? std::optional(from.toDouble()) : std::nullopt;
}
void restore(const QJsonValue &from, QStringList *to)
{
    *to = stringsOf(from);
}

/// Names every field of a stream once, for writing and for reading.
template <class Facts, class Field> void eachStreamField(Facts &s, Field field)
{
    field(u"index"_s, s.index);
    field(u"kind"_s, s.kind);
    field(u"codec"_s, s.codec);
    field(u"codecLongName"_s, s.codecLongName);
    field(u"profile"_s, s.profile);
    field(u"codecTag"_s, s.codecTag);
    field(u"timeBase"_s, s.timeBase);
    field(u"startTicks"_s, s.startTicks);
    field(u"durationTicks"_s, s.durationTicks);
    field(u"declaredFrames"_s, s.declaredFrames);
    field(u"bitRate"_s, s.bitRate);
    field(u"attachedPicture"_s, s.attachedPicture);
    field(u"tags"_s, s.tags);
    field(u"codedWidth"_s, s.codedWidth);
    field(u"codedHeight"_s, s.codedHeight);
    field(u"width"_s, s.width);
    field(u"height"_s, s.height);
    field(u"rotationDegrees"_s, s.rotationDegrees);
    field(u"sampleAspect"_s, s.sampleAspect);
    field(u"averageRate"_s, s.averageRate);
    field(u"baseRate"_s, s.baseRate);
    field(u"pixelFormat"_s, s.pixelFormat);
    field(u"bitsPerComponent"_s, s.bitsPerComponent);
    field(u"fieldOrder"_s, s.fieldOrder);
    field(u"colorRange"_s, s.colorRange);
    field(u"colorSpace"_s, s.colorSpace);
    field(u"colorPrimaries"_s, s.colorPrimaries);
    field(u"colorTransfer"_s, s.colorTransfer);
    field(u"hasBFrames"_s, s.hasBFrames);
    field(u"sampleRate"_s, s.sampleRate);
    field(u"channels"_s, s.channels);
}

/// The same for what belongs to the whole file; hashes and lists have forms of their own.
template <class Facts, class Field> void eachFileField(Facts &f, Field field)
{
    field(u"path"_s, f.path);
    field(u"fileName"_s, f.fileName);
    field(u"container"_s, f.container);
    field(u"containerLongName"_s, f.containerLongName);
    field(u"durationSeconds"_s, f.durationSeconds);
    field(u"startSeconds"_s, f.startSeconds);
    field(u"bitRate"_s, f.bitRate);
    field(u"tags"_s, f.tags);
    field(u"still"_s, f.still);
    field(u"warnings"_s, f.warnings);
}

auto into(QJsonObject *object)
{
    return [object](const QString &key, const auto &value) { object->insert(key, stored(value)); };
}

auto from(const QJsonObject &object)
{
    return [&object](const QString &key, auto &value) { restore(object.value(key), &value); };
}

} // namespace

QJsonObject storedFacts(const MediaFacts &f)
{
    QJsonArray streams, edits;
    for (const StreamFacts &s : f.streams) {
        QJsonObject stream;
        eachStreamField(s, into(&stream));
        streams.append(stream);
    }
    for (const EditListEntry &e : f.editList) {
        edits.append(QJsonObject{{u"streamIndex"_s, e.streamIndex},
                                 {u"durationSeconds"_s, jsonNumber(e.durationSeconds)},
                                 {u"mediaTime"_s, qint64(e.mediaTime)},
                                 {u"rate"_s, jsonNumber(e.rate)}});
    }
    QJsonObject object{{u"size"_s, f.hashes.size},
                       {u"sha256"_s, hexText(f.hashes.sha256)},
                       {u"md5"_s, QString::fromLatin1(f.hashes.md5Hex)},
                       {u"hashed"_s, f.hashed},
                       {u"streams"_s, streams},
                       {u"editList"_s, edits}};
    eachFileField(f, into(&object));
    return object;
}

MediaFacts factsFromStored(const QJsonObject &o)
{
    MediaFacts f;
    eachFileField(f, from(o));
    f.hashes.size = o.value(u"size"_s).toInteger();
    f.hashed = parseHex(o.value(u"sha256"_s).toString(), &f.hashes.sha256) &&
               o.value(u"hashed"_s).toBool();
    f.hashes.md5Hex = o.value(u"md5"_s).toString().toLatin1();
    for (const QJsonValue &value : o.value(u"streams"_s).toArray()) {
        const QJsonObject stream = value.toObject();
        eachStreamField(f.streams.emplace_back(), from(stream));
    }
    for (const QJsonValue &v : o.value(u"editList"_s).toArray()) {
        const QJsonObject e = v.toObject();
        f.editList.push_back(
            {e.value(u"streamIndex"_s).toInt(), e.value(u"durationSeconds"_s).toDouble(),
             e.value(u"mediaTime"_s).toInteger(), e.value(u"rate"_s).toDouble(1.0)});
    }
    return f;
}

} // namespace fw
