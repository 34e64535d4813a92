// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/av_decoder_p.h"

using namespace Qt::StringLiterals;

namespace fw::av {

namespace {

/// Frame threads hold one picture each: of very large pictures one at a time is enough.
int threadsFor(const AVCodecParameters &p, int wanted)
{
    const std::int64_t pixels = std::int64_t(p.width) * p.height;
    return pixels > (32LL << 20) ? 1 : std::clamp(wanted, 1, 16);
}

} // namespace

Result<std::unique_ptr<Decoder>> Decoder::open(const Input &input, const AVStream *stream,
                                               const ReaderOptions &options)
{
    std::unique_ptr<Decoder> decoder(new Decoder);
    const LogCapture capture(&decoder->m_messages);
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    decoder->m_codec.reset(codec ? avcodec_alloc_context3(codec) : nullptr);
    AVCodecContext *context = decoder->m_codec.get();
    if (!context || avcodec_parameters_to_context(context, stream->codecpar) < 0)
        return fail(Errc::Unsupported, u"there is no decoder for this video"_s, input.path());
    context->pkt_timebase = stream->time_base;
    context->framerate = stream->avg_frame_rate;
    context->max_pixels = kMaxPixels;
    context->thread_count = threadsFor(*stream->codecpar, options.threads);
    context->thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE;
    // Same planes on every machine: exact transforms, and cropping that ignores what alignment the
    // processor would like.
    context->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_UNALIGNED;
    // An H.264 stream that does not state its reordering depth gets the deepest one. Otherwise the
    // depth is found by trial, and pictures come in the wrong order or are dropped meanwhile.
    if (context->codec_id == AV_CODEC_ID_H264)
        context->strict_std_compliance = FF_COMPLIANCE_STRICT;
    if (options.macroblocks) {
        // The types are told in messages only, and only those of this thread are heard.
        context->thread_count = 1;
        context->debug |= FF_DEBUG_MB_TYPE;
        decoder->m_blocks = std::make_unique<MacroblockLog>();
    }
    if (options.coding)
        context->export_side_data |= AV_CODEC_EXPORT_DATA_MVS | AV_CODEC_EXPORT_DATA_VIDEO_ENC_PARAMS;
    const int opened = avcodec_open2(context, codec, nullptr);
    if (opened < 0) {
        return fail(Errc::BadData,
                    u"the %1 decoder refuses the stream's header (%2)"_s.arg(
                        QString::fromUtf8(codec->name), errorText(opened)),
                    input.path());
    }
    return decoder;
}

int Decoder::send(const AVPacket *packet, std::int64_t number)
{
    const LogCapture capture(&m_messages, m_blocks.get());
    if (packet)
        m_codec->reordered_opaque = number;
    return avcodec_send_packet(m_codec.get(), packet);
}

int Decoder::receive(AVFrame *frame)
{
    const LogCapture capture(&m_messages, m_blocks.get());
    const int code = avcodec_receive_frame(m_codec.get(), frame);
    if (code == 0 && m_blocks)
        m_counts = m_blocks->take();
    return code;
}

void Decoder::flush()
{
    const LogCapture capture(&m_messages);
    avcodec_flush_buffers(m_codec.get());
    if (m_blocks)
        m_blocks->take();
}

void Decoder::skipUnreferenced(bool skip)
{
    const bool safe = m_codec->codec_id == AV_CODEC_ID_H264;
    m_codec->skip_frame = skip && safe ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
}

void Decoder::skipFilters()
{
    m_codec->skip_loop_filter = AVDISCARD_ALL;
    m_codec->skip_idct = AVDISCARD_ALL;
}

} // namespace fw::av
