// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/av_input_p.h"
#include "media/macroblock_log_p.h"

namespace fw::av {

/// One decoder of one stream. Every picture that it gives knows the number of the packet that it
/// came from (`packetOf`), which is what exact seeking rests on.
class Decoder
{
public:
    static Result<std::unique_ptr<Decoder>> open(const Input &input, const AVStream *stream,
                                                 const ReaderOptions &options);

    /// Sends one packet, or the end of the stream (nullptr). 0 or a negative FFmpeg code.
    int send(const AVPacket *packet, std::int64_t number);
    /// 0 and a picture, AVERROR(EAGAIN) when it wants a packet, AVERROR_EOF, or another code.
    int receive(AVFrame *frame);
    /// Of the picture that receive() gave last; nullopt when not asked for or not given.
    std::optional<MacroblockCounts> macroblocks() const { return m_counts; }
    /// Forgets everything, as after a seek.
    void flush();
    /// Pictures that nothing refers to are skipped: only where the codec makes that safe.
    void skipUnreferenced(bool skip);
    /// Leaves out what only changes how pictures look, for good.
    void skipFilters();

    static std::int64_t packetOf(const AVFrame &frame) { return frame.reordered_opaque; }
    const QStringList &messages() const { return m_messages; }

private:
    Decoder() = default;
    CodecPtr m_codec;
    QStringList m_messages;
    std::unique_ptr<MacroblockLog> m_blocks; ///< null: not asked for
    std::optional<MacroblockCounts> m_counts;
};

} // namespace fw::av
