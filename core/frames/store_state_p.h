// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/frame_cache_p.h"
#include "media/seek_reader.h"

#include <QString>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace fw {

/// What the threads of one FrameStore share.
struct StoreState
{
    explicit StoreState(std::size_t cacheBytes) : cache(cacheBytes) {}

    QString path;
    FrameCache cache;
    /// Runs a function in the thread of the FrameStore, later.
    std::function<void(std::function<void()>)> post;
    std::atomic<bool> decoding = false; ///< somebody waits for a frame

    std::mutex mutex; ///< guards what follows
    std::condition_variable_any changed;
    std::shared_ptr<const PacketIndex> index; ///< null until the scan has found the first frames
    bool scanDone = false;
    std::optional<Error> scanError;
    std::shared_ptr<const Ledger> ledger;
};

/// A frame made of a decoded picture; shares its pixels.
FramePtr frameOf(const DecodedPicture &picture, Rational timeBase);

} // namespace fw
