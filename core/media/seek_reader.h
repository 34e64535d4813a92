// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/decoded_picture.h"
#include "media/media_facts.h"
#include "media/packet_index.h"

namespace fw {

/// Exact random access: nearest key packet, decode forward, drop until the frame asked for. Keeps
/// its place, so that going on by a few frames does not seek. One thread at a time.
class SeekReader
{
public:
    /// The index may be empty or partial and be replaced later, see setIndex.
    static Result<std::unique_ptr<SeekReader>> open(const QString &path, PacketIndex index,
                                                    const ReaderOptions &options,
                                                    const ByteSourceFactory &source = openFileSource);
    ~SeekReader();

    /// Sees a picture that is decoded on the way; returns false to stop early.
    using Passing = std::function<bool(const DecodedPicture &)>;
    /// Says whether a frame on the way is of use. Those that are not get no pixels and no hash, and
    /// are not decoded at all where nothing refers to them.
    using Wanted = std::function<bool(FrameIndex)>;

    /// The picture at this ledger index. `passing` sees what is decoded on the way (so that it can
    /// be cached); when it returns false the answer is Errc::Cancelled and the place is kept.
    /// Errc::NotFound outside the index.
    Result<DecodedPicture> at(FrameIndex index, const Passing &passing = {}, const Wanted &wanted = {});
    /// Only the key frame at or before `index`; decodes one picture.
    Result<DecodedPicture> keyFrameBefore(FrameIndex index);
    /// The first picture of the stream; needs no index.
    Result<DecodedPicture> first();

    /// How many pictures at(index) would have to decode from the present place or from a key frame.
    std::int64_t distanceTo(FrameIndex index) const;

    const PacketIndex &index() const;
    void setIndex(PacketIndex index);
    /// Every picture of at() must have the planes of this ledger, else it is decoded again from
    /// further back, and is Errc::Mismatch in the end. Frames outside it are not checked.
    void expect(std::shared_ptr<const Ledger> ledger);
    const MediaFacts &facts() const;

private:
    struct Impl;
    explicit SeekReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
