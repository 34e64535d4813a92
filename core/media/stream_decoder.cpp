// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/stream_decoder_p.h"

#include "media/probe_p.h"

using namespace Qt::StringLiterals;

namespace fw::av {

namespace {

constexpr int kMaxReadErrors = 16;     // in a row: the container has ended for good
constexpr int kMaxDecodeErrors = 500;  // without one picture: encrypted, or not this codec

} // namespace

Result<std::unique_ptr<StreamDecoder>> StreamDecoder::open(const QString &path,
                                                           const ReaderOptions &options,
                                                           const ByteSourceFactory &source,
                                                           std::stop_token stop)
{
    auto input = Input::open(path, source, std::move(stop));
    if (!input)
        return Failure{input.error()};
    auto stream = (*input)->usableVideo();
    if (!stream)
        return Failure{stream.error()};
    auto facts = factsOf(**input, source);
    if (!facts)
        return Failure{facts.error()};
    auto decoder = Decoder::open(**input, *stream, options);
    if (!decoder)
        return Failure{(*input)->interrupted() ? (*input)->failure(AVERROR(EIO)) : decoder.error()};

    std::unique_ptr<StreamDecoder> self(new StreamDecoder);
    self->m_options = options;
    self->m_input = std::move(*input);
    self->m_stream = *stream;
    self->m_input->keepOnly(*stream);
    self->m_decoder = std::move(*decoder);
    self->m_facts = std::move(*facts);
    self->m_maker.emplace(self->m_facts.video()->rotationDegrees, self->m_facts.still);
    self->m_frame.reset(av_frame_alloc());
    self->m_packet.reset(av_packet_alloc());
    if (!self->m_frame || !self->m_packet)
        return fail(Errc::Internal, u"not enough memory to decode"_s, path);
    return self;
}

Result<bool> StreamDecoder::readPacket()
{
    int errorsInRow = 0;
    while (true) {
        av_packet_unref(m_packet.get());
        const int code = m_input->read(m_packet.get());
        if (code >= 0) {
            if (m_packet->stream_index != m_stream->index)
                continue;
            m_lastPacketCut = m_packet->flags & AV_PKT_FLAG_CORRUPT;
            return true;
        }
        if (m_input->interrupted())
            return Failure{m_input->failure(code)};
        if (code == AVERROR_EOF) {
            if (errorsInRow > 0 || m_lastPacketCut) {
                return fail(Errc::BadData, u"the file ends before the video does"_s,
                            m_input->path());
            }
            return false;
        }
        const Error failure = m_input->failure(code);
        // The demuxer may find its way behind what it stumbles over.
        if (failure.code != Errc::BadData || code == AVERROR(EIO) || ++errorsInRow >= kMaxReadErrors)
            return Failure{failure};
        ++m_damaged;
    }
}

void StreamDecoder::sendCurrent()
{
    if (m_skip)
        m_decoder->skipUnreferenced(m_skip(m_next, *m_packet));
    const int code = m_decoder->send(m_packet.get(), m_next++);
    if (code < 0 && code != AVERROR_EOF)
        ++m_damaged;
    av_packet_unref(m_packet.get());
}

std::optional<Error> StreamDecoder::feed()
{
    auto more = readPacket();
    if (more && *more) {
        sendCurrent();
    } else {
        if (!more)
            m_endError = more.error();
        drain();
    }
    if (m_pictures == 0 && m_damaged >= kMaxDecodeErrors)
        return nothingDecoded();
    return std::nullopt;
}

Error StreamDecoder::nothingDecoded() const
{
    if (av_stream_get_side_data(m_stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, nullptr))
        return {Errc::Unsupported, u"no picture can be decoded: the video is encrypted"_s, m_input->path()};
    const QStringList &said = m_decoder->messages();
    const QString detail = said.isEmpty() ? QString() : u" (%1)"_s.arg(said.first());
    return {Errc::BadData, u"no picture can be decoded"_s + detail, m_input->path()};
}

Result<bool> StreamDecoder::advance()
{
    int errorsInRow = 0;
    while (true) {
        const int code = m_decoder->receive(m_frame.get());
        if (code == 0) {
            ++m_pictures;
            noteSize();
            return true;
        }
        if (code == AVERROR_EOF || (code == AVERROR(EAGAIN) && m_draining)) {
            if (m_endError)
                return Failure{*m_endError};
            if (m_pictures == 0) {
                return Failure{nothingDecoded()};
            }
            return false;
        }
        if (code != AVERROR(EAGAIN)) {
            ++m_damaged;
            if (code == AVERROR(ENOMEM) || ++errorsInRow >= kMaxDecodeErrors) {
                return fail(Errc::BadData, u"decoding stopped (%1)"_s.arg(errorText(code)),
                            m_input->path());
            }
            continue;
        }
        if (auto error = feed())
            return Failure{*error};
    }
}

void StreamDecoder::noteSize()
{
    const bool first = m_width == 0;
    if (!first && (m_frame->width != m_width || m_frame->height != m_height)
        && m_facts.warnings.size() < 50) {
        m_facts.warnings << u"the picture size changes from %1 × %2 to %3 × %4 within the stream"_s
                                .arg(m_width).arg(m_height).arg(m_frame->width).arg(m_frame->height);
    }
    m_width = m_frame->width;
    m_height = m_frame->height;
}

Result<DecodedPicture> StreamDecoder::picture(FrameIndex index, bool pixels, bool hash,
                                              bool luma)
{
    DecodedPicture picture;
    picture.index = index;
    picture.coding = codingOf(*m_frame);
    picture.coding.macroblocks = m_decoder->macroblocks();
    LedgerEntry &entry = picture.ledger;
    entry.pts = m_frame->best_effort_timestamp;
    entry.duration = std::max<std::int64_t>(0, m_frame->pkt_duration);
    if (m_input->heif())
        picture.coding.packetBytes = 0; // that was the size of the planes, not of what is coded
    entry.packetBytes = picture.coding.packetBytes;
    entry.pictureType = picture.coding.pictureType;
    entry.keyFrame = picture.coding.keyFrame;
    if (hash)
        entry.planes = hashPlanes(*m_frame);
    if (luma)
        picture.luma = lumaOf(*m_frame);
    if (pixels) {
        auto bgr = m_maker->bgr(*m_frame, m_input->path());
        if (!bgr)
            return Failure{bgr.error()};
        picture.bgr = std::move(*bgr);
    }
    return picture;
}

void StreamDecoder::drain()
{
    m_draining = true;
    m_decoder->send(nullptr, 0);
}

void StreamDecoder::startAt(std::int64_t number)
{
    m_next = number;
    sendCurrent();
}

void StreamDecoder::restart()
{
    m_decoder->flush();
    m_draining = false;
    m_lastPacketCut = false;
    m_endError.reset();
}

} // namespace fw::av
