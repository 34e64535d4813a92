// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/heif_source_p.h"
#include "media/video_reader.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <memory>
#include <stop_token>

namespace fw::av {

/// No picture larger than this is decoded: 16384 x 12288. A header can claim any size for free.
constexpr std::int64_t kMaxPixels = 192LL << 20;

struct FrameDeleter
{
    void operator()(AVFrame *frame) const { av_frame_free(&frame); }
};
struct PacketDeleter
{
    void operator()(AVPacket *packet) const { av_packet_free(&packet); }
};
struct CodecDeleter
{
    void operator()(AVCodecContext *codec) const { avcodec_free_context(&codec); }
};
using FramePtr = std::unique_ptr<AVFrame, FrameDeleter>;
using PacketPtr = std::unique_ptr<AVPacket, PacketDeleter>;
using CodecPtr = std::unique_ptr<AVCodecContext, CodecDeleter>;

/// FFmpeg's words for an error number.
QString errorText(int code);
Rational rational(AVRational r);

class MacroblockLog;

/// While it lives, FFmpeg's messages of this thread go into `lines` and not to the terminal.
/// Messages of other threads are dropped. Macroblock tables go to `blocks` when it is given.
class LogCapture
{
public:
    explicit LogCapture(QStringList *lines, MacroblockLog *blocks = nullptr);
    ~LogCapture();
    LogCapture(const LogCapture &) = delete;

private:
    QStringList *m_before;
    MacroblockLog *m_blocksBefore;
};

/// One opened container over a ByteSource. It never opens anything else: no network, no side file,
/// no file that the container names.
class Input
{
public:
    static Result<std::unique_ptr<Input>> open(const QString &path, const ByteSourceFactory &source,
                                               std::stop_token stop = {});
    ~Input();

    AVFormatContext *format() const { return m_format; }
    const QString &path() const { return m_path; }
    const QStringList &messages() const { return m_messages; }
    /// What the file really is when FFmpeg reads the planes of a HEIF still; nullptr otherwise.
    const HeifPicture *heif() const { return m_heif ? &*m_heif : nullptr; }
    /// The source itself failed or the work was stopped: what looks like the end is none.
    bool interrupted() const { return m_sourceError || m_stop.stop_requested(); }

    /// The stream that is analysed; nullptr when there is no video. Cover pictures do not count.
    AVStream *video() const;
    /// Like video(), with the reason in words when there is none or its header cannot be used.
    Result<AVStream *> usableVideo() const;
    /// Reads of other streams' packets are skipped from now on.
    void keepOnly(const AVStream *stream);

    /// Reads one packet. 0, AVERROR_EOF or another negative FFmpeg code; see failure().
    int read(AVPacket *packet);
    /// The error to report for a negative code of read(): what the source said, or FFmpeg's words.
    Error failure(int code) const;

private:
    Input() = default;
    static int readBytes(void *self, std::uint8_t *to, int size);
    static std::int64_t seekBytes(void *self, std::int64_t offset, int whence);
    Result<void> openFormat();
    void applyHeifColours();
    Result<AVStream *> judgedVideo() const;

    QString m_path;
    QStringList m_messages;
    std::optional<HeifPicture> m_heif;
    std::unique_ptr<ByteSource> m_source;
    std::optional<Error> m_sourceError;
    std::stop_token m_stop;
    std::int64_t m_position = 0;
    AVIOContext *m_io = nullptr;
    AVFormatContext *m_format = nullptr;
};

} // namespace fw::av
