// SPDX-License-Identifier: GPL-3.0-or-later
#include "metadata_tables.h"

#include <QDateTime>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Maker notes and embedded previews print as thousands of numbers; the table keeps their start.
constexpr qsizetype kLongestValue = 300;

QString shortened(const QString &value)
{
    if (value.size() <= kLongestValue)
        return value;
    return value.left(kLongestValue) + u"… (%1 characters)"_s.arg(value.size());
}

QString rateText(const Rational &rate)
{
    if (rate.num <= 0 || rate.den <= 0)
        return {};
    return u"%1 (%2/%3)"_s.arg(rate.toDouble(), 0, 'f', 3).arg(rate.num).arg(rate.den);
}

/// EXIF's "2019:08:24 13:01:02"; invalid for anything else.
QDateTime exifTime(const std::optional<QString> &text)
{
    return text ? QDateTime::fromString(text->trimmed(), u"yyyy:MM:dd HH:mm:ss"_s) : QDateTime();
}

std::optional<int> wholeNumber(const std::optional<QString> &text)
{
    bool ok = false;
    const int number = text ? text->trimmed().toInt(&ok) : 0;
    return ok ? std::optional(number) : std::nullopt;
}

/// Rows "subject, fact, value"; empty values are left out, because nothing was declared.
class FactRows
{
public:
    explicit FactRows(Table &table) : m_table(table) {}
    void subject(const QString &name) { m_subject = name; }
    void add(const QString &fact, const QString &value)
    {
        if (!value.isEmpty())
            m_table.rows.push_back(QJsonArray{m_subject, fact, value});
    }
    void addNumber(const QString &fact, double value)
    {
        m_table.rows.push_back(QJsonArray{m_subject, fact, value});
    }

private:
    Table &m_table;
    QString m_subject;
};

void addVideoFacts(FactRows &rows, const StreamFacts &stream)
{
    rows.add(u"Size as coded"_s, u"%1 x %2 px"_s.arg(stream.codedWidth).arg(stream.codedHeight));
    if (stream.rotationDegrees != 0)
        rows.add(u"Rotation to upright"_s, u"%1 degrees clockwise"_s.arg(stream.rotationDegrees));
    if (!(stream.sampleAspect == Rational{1, 1}) && stream.sampleAspect.num > 0)
        rows.add(u"Sample aspect"_s, u"%1:%2"_s.arg(stream.sampleAspect.num).arg(stream.sampleAspect.den));
    rows.add(u"Average rate (frames/s)"_s, rateText(stream.averageRate));
    rows.add(u"Base rate (frames/s)"_s, rateText(stream.baseRate));
    rows.add(u"Pixel format"_s, stream.pixelFormat);
    rows.add(u"Field order"_s, stream.fieldOrder);
    rows.add(u"Colour range"_s, stream.colorRange);
    rows.add(u"Colour space"_s, stream.colorSpace);
    rows.add(u"Colour primaries"_s, stream.colorPrimaries);
    rows.add(u"Colour transfer"_s, stream.colorTransfer);
    rows.add(u"B pictures declared"_s, stream.hasBFrames ? u"yes"_s : u"no"_s);
}

} // namespace

Table tagTable(const MediaFacts &media, const Metadata &metadata)
{
    Table table;
    table.id = u"metadata.tags"_s;
    table.title = u"Tags"_s;
    table.about = u"As stored in the file. Anyone can write and remove tags: they are statements, not "
                  "measurements, and their absence is usual after messengers and platforms."_s;
    table.columns = {{u"Source"_s, {}}, {u"Tag"_s, {}}, {u"Value"_s, {}}};
    for (const MetadataEntry &entry : metadata.entries) {
        const qsizetype dot = entry.key.indexOf(u'.');
        table.rows.push_back(QJsonArray{dot > 0 ? entry.key.left(dot) : QString(), entry.key,
                                        shortened(entry.value)});
    }
    for (const auto &[key, value] : media.tags)
        table.rows.push_back(QJsonArray{u"Container"_s, key, shortened(value)});
    for (const StreamFacts &stream : media.streams) {
        for (const auto &[key, value] : stream.tags)
            table.rows.push_back(QJsonArray{u"Stream %1"_s.arg(stream.index), key, shortened(value)});
    }
    return table;
}

Table streamTable(const MediaFacts &media)
{
    Table table;
    table.id = u"metadata.streams"_s;
    table.title = u"Container and streams"_s;
    table.about = u"What the container declares; counted and measured values stand elsewhere."_s;
    table.columns = {{u"Of"_s, {}}, {u"Fact"_s, {}}, {u"Value"_s, {}}};
    FactRows rows(table);
    rows.subject(u"File"_s);
    rows.add(u"Name"_s, media.fileName);
    if (media.hashed) {
        rows.addNumber(u"Size (bytes)"_s, double(media.hashes.size));
        rows.add(u"SHA-256"_s, media.sha256Text());
    }
    rows.add(u"Container"_s, media.containerLongName.isEmpty() ? media.container
                                                               : media.containerLongName);
    if (media.durationSeconds)
        rows.add(u"Duration"_s, clockText(*media.durationSeconds));
    if (media.startSeconds && *media.startSeconds != 0.0)
        rows.add(u"Starts at"_s, clockText(*media.startSeconds));
    if (media.bitRate > 0)
        rows.addNumber(u"Bit rate (bit/s)"_s, double(media.bitRate));
    for (const StreamFacts &stream : media.streams) {
        rows.subject(u"Stream %1"_s.arg(stream.index));
        rows.add(u"Kind"_s, streamKindName(stream.kind)
                                + (stream.attachedPicture ? u" (cover picture)"_s : QString()));
        rows.add(u"Codec"_s, stream.codecLongName.isEmpty() ? stream.codec : stream.codecLongName);
        rows.add(u"Profile"_s, stream.profile);
        rows.add(u"Codec tag"_s, stream.codecTag);
        rows.add(u"Time base"_s, u"%1/%2 s"_s.arg(stream.timeBase.num).arg(stream.timeBase.den));
        if (stream.startTicks)
            rows.addNumber(u"Start (ticks)"_s, double(*stream.startTicks));
        if (stream.durationTicks)
            rows.addNumber(u"Duration (ticks)"_s, double(*stream.durationTicks));
        if (stream.declaredFrames)
            rows.addNumber(u"Declared frames"_s, double(*stream.declaredFrames));
        if (stream.bitRate > 0)
            rows.addNumber(u"Bit rate (bit/s)"_s, double(stream.bitRate));
        if (stream.kind == StreamKind::Video)
            addVideoFacts(rows, stream);
        if (stream.kind == StreamKind::Audio) {
            rows.addNumber(u"Sample rate (Hz)"_s, stream.sampleRate);
            rows.addNumber(u"Channels"_s, stream.channels);
        }
    }
    for (const EditListEntry &edit : media.editList) {
        rows.subject(u"Stream %1"_s.arg(edit.streamIndex));
        rows.add(u"Edit list entry"_s,
                 edit.mediaTime < 0
                     ? u"empty for %1 s"_s.arg(edit.durationSeconds, 0, 'f', 3)
                     : u"%1 s from media tick %2 at rate %3"_s.arg(edit.durationSeconds, 0, 'f', 3)
                           .arg(edit.mediaTime).arg(edit.rate));
    }
    rows.subject(u"Warnings"_s);
    for (const QString &warning : media.warnings)
        rows.add(u"Probing"_s, warning);
    return table;
}

Table comparisonTable(const MediaFacts &media, const Metadata &metadata)
{
    Table table;
    table.id = u"metadata.comparisons"_s;
    table.title = u"Statements compared"_s;
    table.about = u"Two statements about the same thing. They often differ for harmless reasons: "
                  "rotation in an album program, a clock set later, a crop."_s;
    table.columns = {{u"About"_s, {}}, {u"First"_s, {}}, {u"Second"_s, {}}, {u"Agree"_s, {}}};
    const auto row = [&](const QString &about, const QString &first, const QString &second, bool agree) {
        table.rows.push_back(QJsonArray{about, first, second, agree});
    };

    const StreamFacts *picture = media.video();
    const auto wide = wholeNumber(metadata.value(u"Exif.Photo.PixelXDimension"_s));
    const auto high = wholeNumber(metadata.value(u"Exif.Photo.PixelYDimension"_s));
    if (picture && wide && high) {
        const bool same = *wide == picture->codedWidth && *high == picture->codedHeight;
        const bool turned = *wide == picture->codedHeight && *high == picture->codedWidth;
        row(u"Picture size: EXIF, file"_s, u"%1 x %2"_s.arg(*wide).arg(*high),
            u"%1 x %2"_s.arg(picture->codedWidth).arg(picture->codedHeight), same || turned);
    }
    const QDateTime taken = exifTime(metadata.value(u"Exif.Photo.DateTimeOriginal"_s));
    const QDateTime digitized = exifTime(metadata.value(u"Exif.Photo.DateTimeDigitized"_s));
    const QDateTime changed = exifTime(metadata.value(u"Exif.Image.DateTime"_s));
    if (taken.isValid() && changed.isValid())
        row(u"Time: taken, last changed"_s, taken.toString(Qt::ISODate), changed.toString(Qt::ISODate),
            taken == changed);
    if (taken.isValid() && digitized.isValid())
        row(u"Time: taken, digitised"_s, taken.toString(Qt::ISODate), digitized.toString(Qt::ISODate),
            taken == digitized);
    if (picture && metadata.thumbnailWidth && metadata.thumbnailHeight && *metadata.thumbnailHeight > 0
        && picture->codedHeight > 0) {
        const double small = double(*metadata.thumbnailWidth) / double(*metadata.thumbnailHeight);
        const double large = double(picture->codedWidth) / double(picture->codedHeight);
        constexpr double kSameShape = 0.02; // thumbnails are rounded to whole, often even, pixels
        const auto alike = [&](double shape) { return std::abs(small / shape - 1.0) < kSameShape; };
        row(u"Shape (width / height): thumbnail, picture"_s, QString::number(small, 'f', 3),
            QString::number(large, 'f', 3), alike(large) || alike(1.0 / large));
    }
    return table;
}

} // namespace fw
