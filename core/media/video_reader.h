// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "media/byte_source.h"
#include "media/decoded_picture.h"
#include "media/media_facts.h"
#include "media/packet_index.h"
#include "media/seek_reader.h"

#include <memory>
#include <optional>

namespace fw {

/// Container, streams, rotation, edit lists, colour; does not hash and shows no picture.
/// An error when there is no video stream or its header cannot be used.
Result<MediaFacts> probe(const QString &path, const ByteSourceFactory &source = openFileSource);

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
    void wantLuma(bool wanted);
    const MediaFacts &facts() const;
    int damaged() const; ///< packets that the decoder refused

    /// Pictures decoded by this process so far, by all readers: proof that analyses share one decode.
    static std::int64_t picturesDecoded();

private:
    struct Impl;
    explicit VideoReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
