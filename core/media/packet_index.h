// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"
#include "media/byte_source.h"
#include "media/ledger.h"

#include <limits>
#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

/// A packet without a time stamp.
constexpr std::int64_t kNoTicks = std::numeric_limits<std::int64_t>::min();

/// One packet of the video stream, in the order of the file.
struct PacketEntry
{
    std::int64_t pts = kNoTicks, dts = kNoTicks; ///< ticks
    std::int64_t duration = 0;                   ///< ticks
    std::int64_t position = -1;                  ///< byte in the file, -1 when the container hides it
    int bytes = 0;
    bool keyFrame = false;
    bool discard = false; ///< decoded but not shown (edit lists)
    bool refresh = false; ///< a gradual refresh begins here (H.264): no key frame, yet a way in
};

/// All packets of the video stream, and which of them starts the decode of the n-th shown frame.
/// Made by one fast pass over the file without decoding, where the container's times can be
/// trusted, else by a decode.
struct PacketIndex
{
    int streamIndex = 0;
    Rational timeBase;
    std::vector<PacketEntry> packets;
    std::vector<int> shown; ///< packet numbers by presentation time: shown[i] = packet of frame i
    bool complete = false;  ///< false while the scan goes on, or when it ended early: see endReason
    bool byDecode = false;  ///< the order was found by decoding
    QString endReason;

    std::int64_t frameCount() const { return std::int64_t(shown.size()); }
    std::int64_t ticks(FrameIndex index) const; ///< presentation time; clamped to the clip
    double seconds(FrameIndex index) const;     ///< from the first shown frame
    std::optional<FrameIndex> indexAt(double seconds) const;
    /// The key frame at or before `index` in presentation order; 0 when there is none.
    FrameIndex keyFrameBefore(FrameIndex index) const;
    /// Takes over the frame order of a full decode, which knows of packets that gave no picture.
    /// false, and unchanged, when the ledger is not of this stream.
    bool alignTo(const Ledger &ledger);
};

/// Reads all packets. Where bytes end early the index holds what was there, with the reason.
/// @param progress  now and then gets the index so far; the frames in it keep their places.
Result<PacketIndex> scanPackets(const QString &path, std::stop_token stop = {},
                                const ByteSourceFactory &source = openFileSource,
                                const std::function<void(const PacketIndex &)> &progress = {});

} // namespace fw
