// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/probe_p.h"

#include "media/metadata_p.h"
#include "media/mp4_edits_p.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

#include <QFileInfo>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::av {

namespace {

constexpr int kMaxTagChars = 4096;
constexpr int kMaxTags = 500;
constexpr qint64 kMaxStillBytes = qint64(256) << 20;
constexpr qsizetype kMaxProbeWarnings = 8;

std::map<QString, QString> tagsOf(const AVDictionary *dictionary)
{
    std::map<QString, QString> tags;
    const AVDictionaryEntry *entry = nullptr;
    while ((entry = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX)) && tags.size() < kMaxTags)
        tags[QString::fromUtf8(entry->key)] = QString::fromUtf8(entry->value).left(kMaxTagChars);
    return tags;
}

QString text(const char *name)
{
    return name ? QString::fromUtf8(name) : QString();
}

/// Names of colour properties; "unknown" becomes empty.
QString known(const char *name)
{
    const QString value = text(name);
    return value == u"unknown"_s || value == u"unspecified"_s ? QString() : value;
}

QString fieldOrderName(AVFieldOrder order)
{
    switch (order) {
    case AV_FIELD_PROGRESSIVE: return u"progressive"_s;
    case AV_FIELD_TT: return u"tt"_s;
    case AV_FIELD_BB: return u"bb"_s;
    case AV_FIELD_TB: return u"tb"_s;
    case AV_FIELD_BT: return u"bt"_s;
    default: return {};
    }
}

std::optional<std::int64_t> known(std::int64_t ticks)
{
    return ticks == AV_NOPTS_VALUE ? std::nullopt : std::optional(ticks);
}

struct Turn
{
    int degrees = 0;
    bool mirrored = false;
    bool odd = false; ///< an angle that is no multiple of 90 degrees
};

/// The clockwise turn that the container's display matrix asks for.
Turn turnOf(const AVStream *stream)
{
    std::size_t size = 0;
    const std::uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (!data || size < 9 * sizeof(std::int32_t))
        return {};
    std::int32_t matrix[9];
    memcpy(matrix, data, sizeof matrix);
    Turn turn;
    turn.mirrored = double(matrix[0]) * matrix[4] - double(matrix[1]) * matrix[3] < 0;
    if (turn.mirrored)
        av_display_matrix_flip(matrix, 1, 0);
    const double angle = -av_display_rotation_get(matrix);
    if (!std::isfinite(angle))
        return turn;
    const double quarter = std::round(angle / 90.0);
    turn.odd = std::abs(angle - quarter * 90.0) > 1.0;
    if (!turn.odd)
        turn.degrees = (int(quarter) % 4 + 4) % 4 * 90;
    return turn;
}

/// The same for EXIF orientations. A mirrored picture is turned upright and stays mirrored.
Turn turnOf(int orientation)
{
    switch (orientation) {
    case 2: return {0, true};
    case 3: return {180, false};
    case 4: return {180, true};
    case 5: return {90, true};
    case 6: return {90, false};
    case 7: return {270, true};
    case 8: return {270, false};
    default: return {};
    }
}

void addVideo(const AVStream *stream, StreamFacts *facts)
{
    const AVCodecParameters &p = *stream->codecpar;
    facts->codedWidth = facts->width = p.width;
    facts->codedHeight = facts->height = p.height;
    const AVRational aspect = p.sample_aspect_ratio.num ? p.sample_aspect_ratio
                                                        : stream->sample_aspect_ratio;
    if (aspect.num > 0 && aspect.den > 0)
        facts->sampleAspect = rational(aspect);
    facts->averageRate = rational(stream->avg_frame_rate);
    facts->baseRate = rational(stream->r_frame_rate);
    if (const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(AVPixelFormat(p.format))) {
        facts->pixelFormat = text(format->name);
        facts->bitsPerComponent = format->comp[0].depth;
    }
    facts->fieldOrder = fieldOrderName(p.field_order);
    facts->colorRange = known(av_color_range_name(p.color_range));
    facts->colorSpace = known(av_color_space_name(p.color_space));
    facts->colorPrimaries = known(av_color_primaries_name(p.color_primaries));
    facts->colorTransfer = known(av_color_transfer_name(p.color_trc));
    facts->hasBFrames = p.video_delay > 0;
    facts->attachedPicture = stream->disposition & AV_DISPOSITION_ATTACHED_PIC;
}

StreamFacts factsOf(const AVStream *stream)
{
    const AVCodecParameters &p = *stream->codecpar;
    StreamFacts facts;
    facts.index = stream->index;
    facts.codec = text(avcodec_get_name(p.codec_id));
    if (const AVCodecDescriptor *codec = avcodec_descriptor_get(p.codec_id))
        facts.codecLongName = text(codec->long_name);
    facts.profile = text(avcodec_profile_name(p.codec_id, p.profile));
    if (p.codec_tag != 0) {
        char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
        facts.codecTag = text(av_fourcc_make_string(tag, p.codec_tag));
    }
    facts.timeBase = rational(stream->time_base);
    facts.startTicks = known(stream->start_time);
    facts.durationTicks = known(stream->duration);
    if (stream->nb_frames > 0)
        facts.declaredFrames = stream->nb_frames;
    facts.bitRate = p.bit_rate;
    facts.tags = tagsOf(stream->metadata);
    switch (p.codec_type) {
    case AVMEDIA_TYPE_VIDEO:
        facts.kind = StreamKind::Video;
        addVideo(stream, &facts);
        break;
    case AVMEDIA_TYPE_AUDIO:
        facts.kind = StreamKind::Audio;
        facts.sampleRate = p.sample_rate;
        facts.channels = p.ch_layout.nb_channels;
        break;
    case AVMEDIA_TYPE_SUBTITLE: facts.kind = StreamKind::Subtitle; break;
    case AVMEDIA_TYPE_ATTACHMENT: facts.kind = StreamKind::Attachment; break;
    default: facts.kind = StreamKind::Data; break;
    }
    return facts;
}

/// A picture format, or an animation format that holds one picture.
bool isStill(const Input &input, const ByteSourceFactory &source)
{
    const QString name = text(input.format()->iformat->name);
    if (input.heif())
        return true;
    if (name.endsWith(u"_pipe"_s))
        return true;
    const bool animation = name == u"gif"_s || name == u"apng"_s;
    const AVDictionaryEntry *brand = av_dict_get(input.format()->metadata, "major_brand", nullptr, 0);
    const bool avif = brand && QByteArray(brand->value).startsWith("avi");
    if (!animation && !avif)
        return false;
    auto other = Input::open(input.path(), source); // counting must not use up this one's packets
    const AVStream *video = other ? (*other)->video() : nullptr;
    if (!video)
        return false;
    const PacketPtr packet(av_packet_alloc());
    int pictures = 0;
    while (packet && pictures < 2 && (*other)->read(packet.get()) >= 0) {
        pictures += packet->stream_index == video->index;
        av_packet_unref(packet.get());
    }
    return pictures == 1;
}

Turn turnOfStill(const Input &input, const ByteSourceFactory &source)
{
    auto bytes = source(input.path());
    if (!bytes || (*bytes)->size() <= 0 || (*bytes)->size() > kMaxStillBytes)
        return {};
    QByteArray all((*bytes)->size(), Qt::Uninitialized);
    qint64 filled = 0;
    while (filled < all.size()) {
        const auto got = (*bytes)->read(all.data() + filled, all.size() - filled);
        if (!got || *got <= 0)
            break;
        filled += *got;
    }
    const auto orientation = exifOrientation(all.first(filled));
    return orientation ? turnOf(*orientation) : Turn{};
}

/// FFmpeg was given decoded planes: what the file is, libheif has said.
void describeHeif(const HeifPicture &heif, MediaFacts *facts)
{
    facts->container = u"heif"_s;
    facts->containerLongName = u"High Efficiency Image File Format (brand %1)"_s.arg(heif.brand);
    facts->startSeconds.reset();
    facts->bitRate = 0;
    facts->warnings << heif.warnings;
    for (StreamFacts &stream : facts->streams) {
        stream.codec = u"hevc"_s;
        stream.codecLongName = u"H.265 / HEVC (High Efficiency Video Coding)"_s;
        stream.codecTag = u"hvc1"_s;
        stream.bitRate = 0;
        stream.codedWidth = heif.codedWidth;
        stream.codedHeight = heif.codedHeight;
    }
}

void addWarnings(const Input &input, MediaFacts *facts)
{
    int videos = 0;
    for (const StreamFacts &stream : facts->streams) {
        if (stream.kind != StreamKind::Video || stream.attachedPicture)
            continue;
        ++videos;
        const double rate = stream.averageRate.toDouble();
        if (rate < 0 || rate > 1000)
            facts->warnings << u"stream %1 states an unlikely rate of %2 frames per second"_s
                                   .arg(stream.index).arg(rate);
        const AVStream *raw = input.format()->streams[stream.index];
        if (av_stream_get_side_data(raw, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr))
            facts->warnings << u"stream %1 is encrypted"_s.arg(stream.index);
    }
    if (videos > 1)
        facts->warnings << u"there are %1 video streams; the first is used"_s.arg(videos);
    facts->warnings << input.messages().first(std::min(kMaxProbeWarnings, input.messages().size()));
}

void applyTurn(const Turn &turn, StreamFacts *stream, QStringList *warnings)
{
    stream->rotationDegrees = turn.degrees;
    if (turn.degrees % 180 != 0)
        std::swap(stream->width, stream->height);
    if (turn.mirrored)
        *warnings << u"the file asks for a mirrored display; it is shown unmirrored, as stored"_s;
    if (turn.odd)
        *warnings << u"the file asks for a turn that is no multiple of 90°; it is not applied"_s;
}

} // namespace

Result<MediaFacts> factsOf(const Input &input, const ByteSourceFactory &source)
{
    const AVFormatContext &format = *input.format();
    MediaFacts facts;
    facts.path = input.path();
    facts.fileName = QFileInfo(input.path()).fileName();
    facts.container = text(format.iformat->name);
    facts.containerLongName = text(format.iformat->long_name);
    if (format.duration != AV_NOPTS_VALUE && format.duration >= 0)
        facts.durationSeconds = double(format.duration) / AV_TIME_BASE;
    if (format.start_time != AV_NOPTS_VALUE)
        facts.startSeconds = double(format.start_time) / AV_TIME_BASE;
    facts.bitRate = std::max<std::int64_t>(0, format.bit_rate);
    facts.tags = tagsOf(format.metadata);
    facts.still = isStill(input, source);
    for (unsigned i = 0; i < format.nb_streams; ++i) {
        StreamFacts stream = factsOf(format.streams[i]);
        // libheif has turned the picture; its EXIF orientation must not turn it again.
        if (stream.kind == StreamKind::Video && !input.heif())
            applyTurn(facts.still ? turnOfStill(input, source) : turnOf(format.streams[i]), &stream,
                      &facts.warnings);
        facts.streams.push_back(std::move(stream));
    }
    if (facts.container.startsWith(u"mov,"_s) && !facts.still) {
        if (auto bytes = source(input.path()))
            facts.editList = readEditLists(**bytes);
    }
    if (const HeifPicture *heif = input.heif())
        describeHeif(*heif, &facts);
    if (facts.still)
        facts.durationSeconds.reset(); // a picture has no clock; FFmpeg makes one up
    addWarnings(input, &facts);
    return facts;
}

} // namespace fw::av

namespace fw {

Result<MediaFacts> probe(const QString &path, const ByteSourceFactory &source)
{
    auto input = av::Input::open(path, source);
    if (!input)
        return Failure{input.error()};
    if (auto video = (*input)->usableVideo(); !video)
        return Failure{video.error()};
    return av::factsOf(**input, source);
}

} // namespace fw
