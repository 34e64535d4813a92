// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/frame.h"

#include <list>
#include <mutex>
#include <unordered_map>

namespace fw {

/// Frames by index, bounded in bytes; the one that was used least lately leaves first. Any thread.
class FrameCache
{
public:
    explicit FrameCache(std::size_t maxBytes) : m_maxBytes(maxBytes) {}

    FramePtr find(FrameIndex index); ///< counts as a use; null when it is not here
    bool contains(FrameIndex index) const;
    void insert(FramePtr frame); ///< a frame larger than the whole cache is not kept
    void clear();
    std::size_t bytes() const;
    std::size_t maxBytes() const { return m_maxBytes; }

private:
    using Order = std::list<FramePtr>; // most lately used first

    const std::size_t m_maxBytes;
    mutable std::mutex m_mutex;
    Order m_order;
    std::unordered_map<FrameIndex, Order::iterator> m_places;
    std::size_t m_bytes = 0;
};

} // namespace fw
