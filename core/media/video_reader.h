// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "media/coding.h"
#include "media/ledger.h"
#include "media/media_facts.h"

#include <opencv2/core.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

/// Where the bytes come from. Read-only; tests supply one that fails at byte N.
class ByteSource
{
public:
    virtual ~ByteSource() = default;
    virtual Result<qint64> read(char *to, qint64 atMost) = 0; ///< 0 at the end
    virtual Result<void> seek(qint64 position) = 0;
    virtual qint64 size() const = 0; ///< bytes; -1 when unknown
};
using ByteSourceFactory = std::function<Result<std::unique_ptr<ByteSource>>(const QString &path)>;

/// Opens a local file read-only. A folder, a device or a missing file is an error that says so.
Result<std::unique_ptr<ByteSource>> openFileSource(const QString &path);

/// One packet of the video stream, in the order of the file.
struct PacketEntry
{
    std::int64_t pts = 0, dts = 0, duration = 0; ///< ticks
    int bytes = 0;
    bool keyFrame = false;
    bool discard = false; ///< decoded but not shown (edit lists)
};

/// All packets of the video stream, and which of them starts the decode of the n-th shown frame.
/// Made by one fast pass over the file without decoding.
struct PacketIndex
{
    int streamIndex = 0;
    Rational timeBase;
    std::vector<PacketEntry> packets;
    std::vector<int> shown; ///< packet numbers by presentation time: shown[i] = packet of frame i
    bool complete = false;

    std::int64_t frameCount() const { return std::int64_t(shown.size()); }
    double seconds(FrameIndex index) const; ///< from the first shown frame
    std::optional<FrameIndex> indexAt(double seconds) const;
    /// The key frame at or before `index` in presentation order.
    FrameIndex keyFrameBefore(FrameIndex index) const;
};

/// Container, streams, rotation, edit lists, colour; does not decode and does not hash.
Result<MediaFacts> probe(const QString &path, const ByteSourceFactory &source = openFileSource);

Result<PacketIndex> scanPackets(const QString &path, std::stop_token stop = {},
                                const ByteSourceFactory &source = openFileSource);

struct ReaderOptions
{
    bool pixels = true;        ///< fill DecodedPicture::bgr
    bool hashPlanes = true;
    bool coding = false;       ///< fill motion vectors and quantisers where the codec gives them
    int threads = 1;           ///< decoder threads
};

struct DecodedPicture
{
    FrameIndex index = 0;
    LedgerEntry ledger;
    CodingFrame coding;
    cv::Mat bgr; ///< upright, CV_8UC3; a fresh buffer for every picture
};

/// Reads a stream from its first frame to its last. One thread at a time.
class VideoReader
{
public:
    static Result<std::unique_ptr<VideoReader>> open(const QString &path, const ReaderOptions &options,
                                                     const ByteSourceFactory &source = openFileSource);
    ~VideoReader();

    /// The next picture in presentation order; nullopt at the end. A damaged stretch that the
    /// decoder skips is counted in damaged(); an error means that nothing more can come.
    Result<std::optional<DecodedPicture>> next();
    /// Asks for no pixels from the next picture on (true: wanted). Decoding and hashing go on.
    void wantPixels(bool wanted);
    const MediaFacts &facts() const;
    int damaged() const; ///< packets that the decoder refused

    /// Pictures decoded by this process so far, by all readers: proof that analyses share one decode.
    static std::int64_t picturesDecoded();

private:
    struct Impl;
    explicit VideoReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Exact random access: nearest key packet, decode forward, drop until the frame asked for.
class SeekReader
{
public:
    static Result<std::unique_ptr<SeekReader>> open(const QString &path, PacketIndex index,
                                                    const ReaderOptions &options,
                                                    const ByteSourceFactory &source = openFileSource);
    ~SeekReader();

    /// The picture at this ledger index. `passing` sees the pictures decoded on the way (so that
    /// they can be cached); it returns false to stop early, which gives Errc::Cancelled.
    Result<DecodedPicture> at(FrameIndex index,
                              const std::function<bool(const DecodedPicture &)> &passing = {});
    /// Only the key frame at or before `index`.
    Result<DecodedPicture> keyFrameBefore(FrameIndex index);
    const PacketIndex &index() const;

private:
    struct Impl;
    explicit SeekReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
