// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/intake.h"

#include <algorithm>
#include <functional>
#include <future>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Hashes a file in a thread of its own; gives up when it is destroyed or the run is stopped.
class HashJob
{
public:
    HashJob(const QString &path, std::stop_token outer)
        : m_outerStops(std::move(outer), [this] { m_stop.request_stop(); })
        , m_hashes(std::async(std::launch::async,
                              [path, stop = m_stop.get_token()] { return hashFile(path, stop); }))
    {
    }
    ~HashJob() { m_stop.request_stop(); }
    Result<FileHashes> get() { return m_hashes.get(); }

private:
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_outerStops;
    std::future<Result<FileHashes>> m_hashes; ///< its destructor waits
};

/// From the first frame's start to the last one's end.
double clipSeconds(const MediaFacts &media, const PacketIndex &index)
{
    if (index.frameCount() == 0)
        return media.durationSeconds.value_or(0.0);
    const PacketEntry &last = index.packets[std::size_t(index.shown.back())];
    return index.seconds(index.frameCount() - 1) +
           double(std::max<std::int64_t>(last.duration, 0)) * index.timeBase.toDouble();
}

std::int64_t frameCount(const StreamFacts &stream, const MediaFacts &media,
                        const PacketIndex &index)
{
    if (media.still)
        return 1;
    if (index.frameCount() > 0)
        return index.frameCount();
    if (stream.declaredFrames)
        return *stream.declaredFrames;
    return std::int64_t(media.durationSeconds.value_or(0.0) * stream.averageRate.toDouble());
}

} // namespace

Result<Intake> takeIn(const QString &path, const ByteSourceFactory &source, bool withCoefficients,
                      std::stop_token stop)
{
    HashJob hashing(path, stop);
    Intake intake;
    ClipFacts &clip = intake.clip;
    auto media = probe(path, source);
    if (!media)
        return Failure{media.error()};
    clip.media = std::move(media).value();
    const StreamFacts *stream = clip.media.video();
    if (!stream)
        return fail(Errc::Unsupported, u"the file holds no picture"_s, path);

    // Damage stops the scan where it would stop the decoder; what lies before it is analysed.
    auto index = scanPackets(path, stop, source);
    if (index)
        intake.index = std::move(index).value();
    else if (index.error().code == Errc::Cancelled)
        return Failure{index.error()};
    intake.framesPromised = intake.index.frameCount();

    clip.streamIndex = stream->index;
    clip.timeBase = stream->timeBase;
    clip.width = stream->width;
    clip.height = stream->height;
    clip.frameCount = frameCount(*stream, clip.media, intake.index);
    clip.coding = codingSupport(stream->codec.toLatin1().constData());
    if (!clip.media.still) {
        clip.nominalRate = stream->averageRate.toDouble();
        clip.durationSeconds = clipSeconds(clip.media, intake.index);
    }
    auto metadata = readMetadata(path);
    if (metadata) {
        clip.metadata = std::make_shared<const Metadata>(std::move(metadata).value());
    } else {
        Metadata none;
        none.warnings << metadata.error().text();
        clip.metadata = std::make_shared<const Metadata>(std::move(none));
    }
    if (clip.media.still && stream->codec == u"mjpeg") {
        auto jpeg = readJpeg(path, withCoefficients);
        if (jpeg)
            clip.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
        else
            clip.media.warnings << jpeg.error().text();
    }
    if (clip.media.still) {
        if (auto credentials = readCredentials(path))
            clip.credentials = std::make_shared<const Credentials>(std::move(credentials).value());
    }
    auto hashes = hashing.get();
    if (!hashes)
        return Failure{hashes.error()};
    clip.media.hashes = *hashes;
    clip.media.hashed = true;
    return intake;
}

} // namespace fw
