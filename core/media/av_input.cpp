// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/av_input_p.h"

#include "media/macroblock_log_p.h"

extern "C" {
#include <libavutil/log.h>
}

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <mutex>

using namespace Qt::StringLiterals;

namespace fw::av {

namespace {

constexpr int kIoBuffer = 1 << 16;
constexpr qsizetype kMaxMessages = 40;

thread_local QStringList *t_lines = nullptr;
thread_local MacroblockLog *t_blocks = nullptr;

/// The same complaint about another place counts once; advice on command line options does not.
bool isKnown(const QString &line)
{
    static const QRegularExpression digits(u"[0-9]+"_s);
    const auto shape = [](QString text) { return text.remove(digits); };
    return line.contains(u"Consider increasing"_s)
           || std::any_of(t_lines->begin(), t_lines->end(),
                          [&](const QString &said) { return shape(said) == shape(line); });
}

void keepLine(void *context, int level, const char *format, va_list arguments)
{
    if (level == AV_LOG_DEBUG && t_blocks) {
        t_blocks->hear(format, arguments);
        return;
    }
    if (level > AV_LOG_WARNING || !t_lines || t_lines->size() >= kMaxMessages)
        return;
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    const AVClass *owner = context ? *static_cast<AVClass **>(context) : nullptr;
    QString line = QString::fromUtf8(text.data()).simplified();
    if (owner && owner->item_name)
        line = QString::fromUtf8(owner->item_name(context)).section(u',', 0, 0) + u": "_s + line;
    if (!line.isEmpty() && !isKnown(line))
        t_lines->append(line);
}

/// Containers that are lists of other files. They are refused by name, so that the message can say
/// why, and their opens would be refused as well.
bool refersToOtherFiles(const AVInputFormat *format)
{
    static const QStringList names{u"hls"_s,    u"applehttp"_s, u"concat"_s, u"dash"_s,
                                   u"sdp"_s,    u"rtsp"_s,      u"rtp"_s,    u"image2"_s,
                                   u"imf"_s,    u"redir"_s,     u"lavfi"_s,  u"vapoursynth"_s,
                                   u"webm_dash_manifest"_s};
    for (const QString &name : QString::fromUtf8(format->name).split(u',')) {
        if (names.contains(name))
            return true;
    }
    return false;
}

int refuseOpen(AVFormatContext *, AVIOContext **, const char *, int, AVDictionary **)
{
    return AVERROR(EPERM);
}

} // namespace

QString errorText(int code)
{
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return QString::fromUtf8(text.data());
}

Rational rational(AVRational r)
{
    return {r.num, r.den};
}

LogCapture::LogCapture(QStringList *lines, MacroblockLog *blocks)
    : m_before(t_lines)
    , m_blocksBefore(t_blocks)
{
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(keepLine); });
    t_lines = lines;
    t_blocks = blocks;
}

LogCapture::~LogCapture()
{
    t_lines = m_before;
    t_blocks = m_blocksBefore;
}

int Input::readBytes(void *self, std::uint8_t *to, int size)
{
    auto *input = static_cast<Input *>(self);
    if (input->m_stop.stop_requested())
        return AVERROR_EXIT;
    auto got = input->m_source->read(reinterpret_cast<char *>(to), size);
    if (!got) {
        input->m_sourceError = got.error();
        return AVERROR(EIO);
    }
    if (*got <= 0)
        return AVERROR_EOF;
    input->m_position += *got;
    return int(*got);
}

std::int64_t Input::seekBytes(void *self, std::int64_t offset, int whence)
{
    auto *input = static_cast<Input *>(self);
    const std::int64_t size = input->m_source->size();
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return size >= 0 ? size : AVERROR(ENOSYS);
    case SEEK_SET: break;
    case SEEK_CUR: offset += input->m_position; break;
    case SEEK_END:
        if (size < 0)
            return AVERROR(ENOSYS);
        offset += size;
        break;
    default: return AVERROR(EINVAL);
    }
    if (offset < 0)
        return AVERROR(EINVAL);
    if (auto moved = input->m_source->seek(offset); !moved) {
        input->m_sourceError = moved.error();
        return AVERROR(EIO);
    }
    input->m_position = offset;
    return offset;
}

Result<std::unique_ptr<Input>> Input::open(const QString &path, const ByteSourceFactory &source,
                                           std::stop_token stop)
{
    auto bytes = source(path);
    if (!bytes)
        return Failure{bytes.error()};
    if ((*bytes)->size() == 0)
        return fail(Errc::BadData, u"the file is empty"_s, path);
    std::unique_ptr<Input> input(new Input);
    auto heif = openHeif(**bytes, path);
    if (!heif)
        return Failure{heif.error()};
    input->m_heif = std::move(*heif);
    if (input->m_heif)
        *bytes = std::move(input->m_heif->bytes);
    input->m_path = path;
    input->m_stop = std::move(stop);
    input->m_source = std::move(*bytes);
    if (auto opened = input->openFormat(); !opened)
        return Failure{opened.error()};
    return input;
}

Result<void> Input::openFormat()
{
    const LogCapture capture(&m_messages);
    auto *buffer = static_cast<unsigned char *>(av_malloc(kIoBuffer));
    m_io = buffer ? avio_alloc_context(buffer, kIoBuffer, 0, this, readBytes, nullptr, seekBytes)
                  : nullptr;
    m_format = avformat_alloc_context();
    if (!m_io || !m_format)
        return fail(Errc::Internal, u"not enough memory to open the file"_s, m_path);

    // The name is withheld: with it FFmpeg would guess from the extension, and a name with a number
    // in it can select the reader of whole picture series.
    const AVInputFormat *kind = nullptr;
    const int probed = av_probe_input_buffer2(m_io, &kind, "", nullptr, 0, 0);
    if (m_sourceError || m_stop.stop_requested())
        return Failure{failure(probed)};
    if (probed < 0 || !kind)
        return fail(Errc::Unsupported, u"this is no video or picture that FFmpeg can recognise"_s, m_path);
    if (refersToOtherFiles(kind)) {
        return fail(Errc::Unsupported,
                    u"this is a list of other files (%1), and those are never followed"_s.arg(
                        QString::fromUtf8(kind->name)),
                    m_path);
    }

    m_format->pb = m_io;
    m_format->flags |= AVFMT_FLAG_CUSTOM_IO;
    m_format->io_open = refuseOpen;
    m_format->interrupt_callback = {
        [](void *self) { return int(static_cast<Input *>(self)->m_stop.stop_requested()); }, this};
    AVDictionary *options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    const int opened = avformat_open_input(&m_format, "", kind, &options);
    av_dict_free(&options);
    if (opened < 0) // m_format has been freed and is null
        return Failure{failure(opened)};

    std::vector<AVDictionary *> limits(m_format->nb_streams, nullptr);
    for (AVDictionary *&limit : limits)
        av_dict_set_int(&limit, "max_pixels", kMaxPixels, 0);
    const int found = avformat_find_stream_info(m_format, limits.empty() ? nullptr : limits.data());
    for (AVDictionary *&limit : limits)
        av_dict_free(&limit);
    if (found < 0 || m_stop.stop_requested())
        return Failure{failure(found)};
    applyHeifColours();
    return {};
}

/// YUV4MPEG2 has no words for them.
void Input::applyHeifColours()
{
    if (!m_heif || m_format->nb_streams != 1)
        return;
    AVCodecParameters &p = *m_format->streams[0]->codecpar;
    p.color_space = AVColorSpace(m_heif->matrix);
    p.color_primaries = AVColorPrimaries(m_heif->primaries);
    p.color_trc = AVColorTransferCharacteristic(m_heif->transfer);
}

Input::~Input()
{
    QStringList unheard;
    const LogCapture capture(&unheard);
    avformat_close_input(&m_format);
    if (m_io)
        av_freep(&m_io->buffer); // FFmpeg may have replaced the buffer that we gave
    avio_context_free(&m_io);
}

AVStream *Input::video() const
{
    for (unsigned i = 0; i < m_format->nb_streams; ++i) {
        AVStream *stream = m_format->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO
            && !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
            return stream;
    }
    return nullptr;
}

Result<AVStream *> Input::usableVideo() const
{
    auto stream = judgedVideo();
    // What is missing then is not the file's fault.
    if (!stream && interrupted())
        return Failure{failure(AVERROR(EIO))};
    return stream;
}

Result<AVStream *> Input::judgedVideo() const
{
    AVStream *stream = video();
    if (!stream) {
        if (m_format->nb_streams == 0)
            return fail(Errc::BadData, u"the container holds no stream at all"_s, m_path);
        return fail(Errc::Unsupported, u"there is no video stream"_s, m_path);
    }
    const AVCodecParameters &p = *stream->codecpar;
    if (p.codec_id == AV_CODEC_ID_NONE || !avcodec_find_decoder(p.codec_id)) {
        return fail(Errc::Unsupported,
                    u"there is no decoder for this video (%1)"_s.arg(
                        QString::fromUtf8(avcodec_get_name(p.codec_id))),
                    m_path);
    }
    if (p.width <= 0 || p.height <= 0)
        return fail(Errc::BadData, u"the video stream states no picture size"_s, m_path);
    if (std::int64_t(p.width) * p.height > kMaxPixels) {
        return fail(Errc::Unsupported,
                    u"the stated picture size, %1 × %2, is larger than we decode"_s.arg(p.width).arg(
                        p.height),
                    m_path);
    }
    if (stream->time_base.num <= 0 || stream->time_base.den <= 0)
        return fail(Errc::BadData, u"the video stream has no usable clock"_s, m_path);
    return stream;
}

void Input::keepOnly(const AVStream *stream)
{
    for (unsigned i = 0; i < m_format->nb_streams; ++i) {
        AVStream *other = m_format->streams[i];
        other->discard = other == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
}

int Input::read(AVPacket *packet)
{
    const LogCapture capture(&m_messages);
    return av_read_frame(m_format, packet);
}

Error Input::failure(int code) const
{
    if (m_stop.stop_requested())
        return {Errc::Cancelled, u"stopped"_s, m_path};
    if (m_sourceError)
        return *m_sourceError;
    // FFmpeg's own last message is nearly always closer to the cause than the error number.
    const QString detail = m_messages.isEmpty() ? errorText(code) : m_messages.last();
    return {code == AVERROR(ENOMEM) ? Errc::Unsupported : Errc::BadData,
            u"the container cannot be read (%1)"_s.arg(detail), m_path};
}

} // namespace fw::av
