// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/hash.h"
#include "base/timestamp.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <vector>

namespace fw {

enum class StreamKind { Video, Audio, Subtitle, Data, Attachment };

/// What a container says about one stream. Declared values are the file's own claims, not measured.
struct StreamFacts
{
    int index = 0;
    StreamKind kind = StreamKind::Data;
    QString codec;        ///< FFmpeg's short name, "h264"
    QString codecLongName;
    QString profile;
    QString codecTag;     ///< four characters as stored, "avc1"
    Rational timeBase;
    std::optional<std::int64_t> startTicks;
    std::optional<std::int64_t> durationTicks;
    std::optional<std::int64_t> declaredFrames;
    std::int64_t bitRate = 0; ///< bit/s, 0 when unknown
    bool attachedPicture = false;
    std::map<QString, QString> tags;

    // video
    int codedWidth = 0;   ///< px as coded, before rotation
    int codedHeight = 0;
    int width = 0;        ///< px as shown: after rotation by multiples of 90 degrees
    int height = 0;
    int rotationDegrees = 0; ///< clockwise turn that makes the picture upright: 0, 90, 180, 270
    Rational sampleAspect{1, 1};
    Rational averageRate;    ///< frames/s
    Rational baseRate;       ///< lowest rate that can hold every time stamp
    QString pixelFormat;     ///< "yuv420p10le"
    int bitsPerComponent = 8;
    QString fieldOrder;      ///< "progressive", "tt", ...
    QString colorRange, colorSpace, colorPrimaries, colorTransfer;
    bool hasBFrames = false;

    // audio
    int sampleRate = 0;
    int channels = 0;
};

/// One entry of an MP4/MOV edit list, as stored.
struct EditListEntry
{
    int streamIndex = 0;
    double durationSeconds = 0.0;
    std::int64_t mediaTime = 0; ///< ticks of the stream's time base; -1 = empty edit
    double rate = 1.0;
};

/// A file as evidence: its bytes and what its container declares.
struct MediaFacts
{
    QString path;     ///< as opened; never written to
    QString fileName;
    FileHashes hashes; ///< all zero until hashing has finished; see hashed
    bool hashed = false;
    QString container; ///< FFmpeg's name, "mov,mp4,m4a,3gp,3g2,mj2"
    QString containerLongName;
    std::optional<double> durationSeconds;
    std::optional<double> startSeconds;
    std::int64_t bitRate = 0;
    std::map<QString, QString> tags;
    std::vector<StreamFacts> streams;
    std::vector<EditListEntry> editList;
    bool still = false; ///< a picture: one frame, no clock
    QStringList warnings; ///< what the demuxer or our own checks found odd while probing

    /// The video stream that is analysed: the first that is no cover picture; nullptr when none.
    const StreamFacts *video() const;
    QString sha256Text() const { return hashed ? hexText(hashes.sha256) : QString(); }
};

QString streamKindName(StreamKind kind);
QJsonObject toJson(const StreamFacts &facts);
QJsonObject toJson(const MediaFacts &facts);

} // namespace fw
