// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/video_reader.h"

#include "media/presentation_clock_p.h"
#include "media/stream_decoder_p.h"

#include <atomic>

namespace fw {

namespace {

std::atomic<std::int64_t> g_picturesDecoded{0};

} // namespace

struct VideoReader::Impl
{
    std::unique_ptr<av::StreamDecoder> decoder;
    av::PresentationClock clock;
    bool pixels = true, hash = true, luma = false;
    FrameIndex next = 0;
    bool ended = false;
};

VideoReader::VideoReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
VideoReader::~VideoReader() = default;

Result<std::unique_ptr<VideoReader>> VideoReader::open(const QString &path,
                                                       const ReaderOptions &options,
                                                       const ByteSourceFactory &source)
{
    auto decoder = av::StreamDecoder::open(path, options, source);
    if (!decoder)
        return Failure{decoder.error()};
    auto impl = std::make_unique<Impl>();
    impl->clock = av::PresentationClock((*decoder)->stream());
    impl->decoder = std::move(*decoder);
    impl->pixels = options.pixels;
    impl->hash = options.hashPlanes;
    impl->luma = options.luma;
    return std::unique_ptr<VideoReader>(new VideoReader(std::move(impl)));
}

Result<std::optional<DecodedPicture>> VideoReader::next()
{
    Impl &d = *m_impl;
    if (d.ended)
        return std::optional<DecodedPicture>();
    auto more = d.decoder->advance();
    if (!more || !*more) {
        d.ended = true;
        if (!more)
            return Failure{more.error()};
        return std::optional<DecodedPicture>();
    }
    d.ended = d.decoder->facts().still; // what follows the first picture is a preview, not a film
    g_picturesDecoded.fetch_add(1, std::memory_order_relaxed);
    auto picture = d.decoder->picture(d.next, d.pixels, d.hash, d.luma);
    if (!picture)
        return Failure{picture.error()};
    picture->ledger.pts = d.clock.timeOf(d.decoder->frame());
    ++d.next;
    return std::optional<DecodedPicture>(std::move(*picture));
}

void VideoReader::wantPixels(bool wanted)
{
    m_impl->pixels = wanted;
}

void VideoReader::wantLuma(bool wanted)
{
    m_impl->luma = wanted;
}

const MediaFacts &VideoReader::facts() const
{
    return m_impl->decoder->facts();
}

int VideoReader::damaged() const
{
    return m_impl->decoder->damaged();
}

std::int64_t VideoReader::picturesDecoded()
{
    return g_picturesDecoded.load(std::memory_order_relaxed);
}

} // namespace fw
