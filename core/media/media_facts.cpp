// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/media_facts.h"

#include "base/json.h"

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QJsonValue ticks(const std::optional<std::int64_t> &value)
{
    return value ? QJsonValue(qint64(*value)) : QJsonValue(QJsonValue::Null);
}

QString ratio(const Rational &r)
{
    return u"%1/%2"_s.arg(r.num).arg(r.den);
}

void addVideo(const StreamFacts &facts, QJsonObject *object)
{
    object->insert(u"codedWidth"_s, facts.codedWidth);
    object->insert(u"codedHeight"_s, facts.codedHeight);
    object->insert(u"width"_s, facts.width);
    object->insert(u"height"_s, facts.height);
    object->insert(u"rotationDegrees"_s, facts.rotationDegrees);
    object->insert(u"sampleAspect"_s, ratio(facts.sampleAspect));
    object->insert(u"averageRate"_s, ratio(facts.averageRate));
    object->insert(u"baseRate"_s, ratio(facts.baseRate));
    object->insert(u"pixelFormat"_s, facts.pixelFormat);
    object->insert(u"bitsPerComponent"_s, facts.bitsPerComponent);
    object->insert(u"fieldOrder"_s, facts.fieldOrder);
    object->insert(u"colorRange"_s, facts.colorRange);
    object->insert(u"colorSpace"_s, facts.colorSpace);
    object->insert(u"colorPrimaries"_s, facts.colorPrimaries);
    object->insert(u"colorTransfer"_s, facts.colorTransfer);
    object->insert(u"hasBFrames"_s, facts.hasBFrames);
    object->insert(u"attachedPicture"_s, facts.attachedPicture);
}

} // namespace

const StreamFacts *MediaFacts::video() const
{
    for (const StreamFacts &stream : streams) {
        if (stream.kind == StreamKind::Video && !stream.attachedPicture)
            return &stream;
    }
    return nullptr;
}

QString streamKindName(StreamKind kind)
{
    switch (kind) {
    case StreamKind::Video: return u"video"_s;
    case StreamKind::Audio: return u"audio"_s;
    case StreamKind::Subtitle: return u"subtitle"_s;
    case StreamKind::Data: return u"data"_s;
    case StreamKind::Attachment: return u"attachment"_s;
    }
    return u"data"_s;
}

QJsonObject toJson(const StreamFacts &facts)
{
    QJsonObject object{
        {u"index"_s, facts.index},
        {u"kind"_s, streamKindName(facts.kind)},
        {u"codec"_s, facts.codec},
        {u"codecLongName"_s, facts.codecLongName},
        {u"profile"_s, facts.profile},
        {u"codecTag"_s, facts.codecTag},
        {u"timeBase"_s, ratio(facts.timeBase)},
        {u"startTicks"_s, ticks(facts.startTicks)},
        {u"durationTicks"_s, ticks(facts.durationTicks)},
        {u"declaredFrames"_s, ticks(facts.declaredFrames)},
        {u"bitRate"_s, facts.bitRate > 0 ? QJsonValue(qint64(facts.bitRate)) : QJsonValue()},
        {u"tags"_s, jsonTexts(facts.tags)},
    };
    if (facts.kind == StreamKind::Video)
        addVideo(facts, &object);
    if (facts.kind == StreamKind::Audio) {
        object.insert(u"sampleRate"_s, facts.sampleRate);
        object.insert(u"channels"_s, facts.channels);
    }
    return object;
}

QJsonObject toJson(const MediaFacts &facts)
{
    QJsonArray streams;
    for (const StreamFacts &stream : facts.streams)
        streams.append(toJson(stream));
    QJsonArray edits;
    for (const EditListEntry &edit : facts.editList) {
        edits.append(QJsonObject{{u"stream"_s, edit.streamIndex},
                                 {u"durationSeconds"_s, jsonNumber(edit.durationSeconds)},
                                 {u"mediaTime"_s, qint64(edit.mediaTime)},
                                 {u"rate"_s, jsonNumber(edit.rate)}});
    }
    QJsonObject object{
        {u"fileName"_s, facts.fileName},
        {u"path"_s, facts.path},
        {u"container"_s, facts.container},
        {u"containerLongName"_s, facts.containerLongName},
        {u"durationSeconds"_s, jsonNumber(facts.durationSeconds)},
        {u"startSeconds"_s, jsonNumber(facts.startSeconds)},
        {u"bitRate"_s, facts.bitRate > 0 ? QJsonValue(qint64(facts.bitRate)) : QJsonValue()},
        {u"tags"_s, jsonTexts(facts.tags)},
        {u"streams"_s, streams},
        {u"editList"_s, edits},
        {u"still"_s, facts.still},
        {u"warnings"_s, jsonStrings(facts.warnings)},
    };
    if (facts.hashed) {
        object.insert(u"size"_s, facts.hashes.size);
        object.insert(u"sha256"_s, hexText(facts.hashes.sha256));
        object.insert(u"md5"_s, QString::fromLatin1(facts.hashes.md5Hex));
    }
    return object;
}

} // namespace fw
