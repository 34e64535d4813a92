// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/facts_store.h"

#include "base/json.h"

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QJsonArray stored(const Rational &r)
{
    return {qint64(r.num), qint64(r.den)};
}

Rational rational(const QJsonValue &value)
{
    const QJsonArray a = value.toArray();
    return {a.at(0).toInteger(), a.at(1).toInteger(1)};
}

QJsonObject stored(const std::map<QString, QString> &map)
{
    QJsonObject object;
    for (const auto &[key, value] : map)
        object.insert(key, value);
    return object;
}

std::map<QString, QString> stringMap(const QJsonValue &value)
{
    std::map<QString, QString> map;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        map.emplace(it.key(), it.value().toString());
    return map;
}

QJsonValue stored(const std::optional<std::int64_t> &value)
{
    return value ? QJsonValue(qint64(*value)) : QJsonValue(QJsonValue::Null);
}

std::optional<std::int64_t> optionalInteger(const QJsonValue &value)
{
    return value.isDouble() ? std::optional<std::int64_t>(value.toInteger()) : std::nullopt;
}

std::optional<double> optionalNumber(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}

QJsonObject stored(const StreamFacts &s)
{
    return {{u"index"_s, s.index},
            {u"kind"_s, int(s.kind)},
            {u"codec"_s, s.codec},
            {u"codecLongName"_s, s.codecLongName},
            {u"profile"_s, s.profile},
            {u"codecTag"_s, s.codecTag},
            {u"timeBase"_s, stored(s.timeBase)},
            {u"startTicks"_s, stored(s.startTicks)},
            {u"durationTicks"_s, stored(s.durationTicks)},
            {u"declaredFrames"_s, stored(s.declaredFrames)},
            {u"bitRate"_s, qint64(s.bitRate)},
            {u"attachedPicture"_s, s.attachedPicture},
            {u"tags"_s, stored(s.tags)},
            {u"codedWidth"_s, s.codedWidth},
            {u"codedHeight"_s, s.codedHeight},
            {u"width"_s, s.width},
            {u"height"_s, s.height},
            {u"rotationDegrees"_s, s.rotationDegrees},
            {u"sampleAspect"_s, stored(s.sampleAspect)},
            {u"averageRate"_s, stored(s.averageRate)},
            {u"baseRate"_s, stored(s.baseRate)},
            {u"pixelFormat"_s, s.pixelFormat},
            {u"bitsPerComponent"_s, s.bitsPerComponent},
            {u"fieldOrder"_s, s.fieldOrder},
            {u"sampleRate"_s, s.sampleRate},
            {u"channels"_s, s.channels}};
}

StreamFacts streamFromStored(const QJsonObject &o)
{
    StreamFacts s;
    s.index = o.value(u"index"_s).toInt();
    s.kind = StreamKind(
        qBound(int(StreamKind::Video), o.value(u"kind"_s).toInt(), int(StreamKind::Attachment)));
    s.codec = o.value(u"codec"_s).toString();
    s.codecLongName = o.value(u"codecLongName"_s).toString();
    s.profile = o.value(u"profile"_s).toString();
    s.codecTag = o.value(u"codecTag"_s).toString();
    s.timeBase = rational(o.value(u"timeBase"_s));
    s.startTicks = optionalInteger(o.value(u"startTicks"_s));
    s.durationTicks = optionalInteger(o.value(u"durationTicks"_s));
    s.declaredFrames = optionalInteger(o.value(u"declaredFrames"_s));
    s.bitRate = o.value(u"bitRate"_s).toInteger();
    s.attachedPicture = o.value(u"attachedPicture"_s).toBool();
    s.tags = stringMap(o.value(u"tags"_s));
    s.codedWidth = o.value(u"codedWidth"_s).toInt();
    s.codedHeight = o.value(u"codedHeight"_s).toInt();
    s.width = o.value(u"width"_s).toInt();
    s.height = o.value(u"height"_s).toInt();
    s.rotationDegrees = o.value(u"rotationDegrees"_s).toInt();
    s.sampleAspect = rational(o.value(u"sampleAspect"_s));
    s.averageRate = rational(o.value(u"averageRate"_s));
    s.baseRate = rational(o.value(u"baseRate"_s));
    s.pixelFormat = o.value(u"pixelFormat"_s).toString();
    s.bitsPerComponent = o.value(u"bitsPerComponent"_s).toInt(8);
    s.fieldOrder = o.value(u"fieldOrder"_s).toString();
    s.sampleRate = o.value(u"sampleRate"_s).toInt();
    s.channels = o.value(u"channels"_s).toInt();
    return s;
}

} // namespace

QJsonObject storedFacts(const MediaFacts &f)
{
    QJsonArray streams, edits;
    for (const StreamFacts &s : f.streams)
        streams.append(stored(s));
    for (const EditListEntry &e : f.editList) {
        edits.append(QJsonObject{{u"streamIndex"_s, e.streamIndex},
                                 {u"durationSeconds"_s, jsonNumber(e.durationSeconds)},
                                 {u"mediaTime"_s, qint64(e.mediaTime)},
                                 {u"rate"_s, jsonNumber(e.rate)}});
    }
    return {{u"path"_s, f.path},
            {u"fileName"_s, f.fileName},
            {u"size"_s, f.hashes.size},
            {u"sha256"_s, hexText(f.hashes.sha256)},
            {u"md5"_s, QString::fromLatin1(f.hashes.md5Hex)},
            {u"hashed"_s, f.hashed},
            {u"container"_s, f.container},
            {u"containerLongName"_s, f.containerLongName},
            {u"durationSeconds"_s, jsonNumber(f.durationSeconds)},
            {u"startSeconds"_s, jsonNumber(f.startSeconds)},
            {u"bitRate"_s, qint64(f.bitRate)},
            {u"tags"_s, stored(f.tags)},
            {u"streams"_s, streams},
            {u"editList"_s, edits},
            {u"still"_s, f.still},
            {u"warnings"_s, jsonStrings(f.warnings)}};
}

MediaFacts factsFromStored(const QJsonObject &o)
{
    MediaFacts f;
    f.path = o.value(u"path"_s).toString();
    f.fileName = o.value(u"fileName"_s).toString();
    f.hashes.size = o.value(u"size"_s).toInteger();
    f.hashed = parseHex(o.value(u"sha256"_s).toString(), &f.hashes.sha256) &&
               o.value(u"hashed"_s).toBool();
    f.hashes.md5Hex = o.value(u"md5"_s).toString().toLatin1();
    f.container = o.value(u"container"_s).toString();
    f.containerLongName = o.value(u"containerLongName"_s).toString();
    f.durationSeconds = optionalNumber(o.value(u"durationSeconds"_s));
    f.startSeconds = optionalNumber(o.value(u"startSeconds"_s));
    f.bitRate = o.value(u"bitRate"_s).toInteger();
    f.tags = stringMap(o.value(u"tags"_s));
    for (const QJsonValue &s : o.value(u"streams"_s).toArray())
        f.streams.push_back(streamFromStored(s.toObject()));
    for (const QJsonValue &v : o.value(u"editList"_s).toArray()) {
        const QJsonObject e = v.toObject();
        f.editList.push_back(
            {e.value(u"streamIndex"_s).toInt(), e.value(u"durationSeconds"_s).toDouble(),
             e.value(u"mediaTime"_s).toInteger(), e.value(u"rate"_s).toDouble(1.0)});
    }
    f.still = o.value(u"still"_s).toBool();
    f.warnings = stringsOf(o.value(u"warnings"_s));
    return f;
}

} // namespace fw
