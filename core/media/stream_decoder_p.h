// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/av_decoder_p.h"
#include "media/picture_maker_p.h"

#include <functional>

namespace fw::av {

/// Packets in, pictures out: the part that reading in order and reading at random share.
class StreamDecoder
{
public:
    static Result<std::unique_ptr<StreamDecoder>> open(const QString &path,
                                                       const ReaderOptions &options,
                                                       const ByteSourceFactory &source,
                                                       std::stop_token stop = {});

    /// Decodes until the next picture. false at the end of the stream; an error when the bytes end
    /// before the stream does or when nothing at all can be decoded.
    Result<bool> advance();
    const AVFrame &frame() const { return *m_frame; }
    /// The number, in the order of the file, of the packet that frame() came from.
    std::int64_t packetOfFrame() const { return Decoder::packetOf(*m_frame); }

    /// The picture of frame(), with what is asked for.
    Result<DecodedPicture> picture(FrameIndex index, bool pixels, bool hash, bool luma = false);

    Input &input() { return *m_input; }
    Decoder &decoder() { return *m_decoder; }
    const AVStream *stream() const { return m_stream; }
    MediaFacts &facts() { return m_facts; }
    int damaged() const { return m_damaged; }

    /// Reads the next packet of the video stream. false at the end.
    Result<bool> readPacket();
    const AVPacket &packet() const { return *m_packet; }
    /// Gives packet() to the decoder under this number; later packets are counted from it.
    void startAt(std::int64_t number);
    /// Tells the decoder that the stream ends here: what it holds comes out.
    void drain();
    /// Is asked before a packet is decoded: true lets the decoder skip it where nothing refers to it.
    using Skip = std::function<bool(std::int64_t number, const AVPacket &packet)>;
    void setSkip(Skip skip) { m_skip = std::move(skip); }
    /// Number that the next packet will get.
    std::int64_t nextPacket() const { return m_next; }
    /// After a seek: decoder and ends are forgotten.
    void restart();

private:
    StreamDecoder() = default;
    std::optional<Error> feed();
    Error nothingDecoded() const;
    void sendCurrent();
    void noteSize();

    ReaderOptions m_options;
    Skip m_skip;
    std::unique_ptr<Input> m_input;
    AVStream *m_stream = nullptr;
    std::unique_ptr<Decoder> m_decoder;
    std::optional<PictureMaker> m_maker;
    MediaFacts m_facts;
    FramePtr m_frame;
    PacketPtr m_packet;
    std::int64_t m_next = 0;
    std::int64_t m_pictures = 0;
    bool m_draining = false;
    bool m_lastPacketCut = false;
    std::optional<Error> m_endError;
    int m_damaged = 0;
    int m_width = 0, m_height = 0;
};

} // namespace fw::av
