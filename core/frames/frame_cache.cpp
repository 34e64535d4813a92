// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/frame_cache_p.h"

namespace fw {

FramePtr FrameCache::find(FrameIndex index)
{
    const std::scoped_lock lock(m_mutex);
    const auto place = m_places.find(index);
    if (place == m_places.end())
        return nullptr;
    m_order.splice(m_order.begin(), m_order, place->second);
    return m_order.front();
}

bool FrameCache::contains(FrameIndex index) const
{
    const std::scoped_lock lock(m_mutex);
    return m_places.contains(index);
}

void FrameCache::insert(FramePtr frame)
{
    const std::scoped_lock lock(m_mutex);
    const std::size_t bytes = frame->bytes();
    if (const auto old = m_places.find(frame->index); old != m_places.end()) {
        m_bytes -= (*old->second)->bytes();
        m_order.erase(old->second);
        m_places.erase(old);
    }
    if (bytes > m_maxBytes)
        return;
    while (m_bytes + bytes > m_maxBytes) {
        m_bytes -= m_order.back()->bytes();
        m_places.erase(m_order.back()->index);
        m_order.pop_back();
    }
    m_bytes += bytes;
    m_order.push_front(std::move(frame));
    m_places[m_order.front()->index] = m_order.begin();
}

void FrameCache::clear()
{
    const std::scoped_lock lock(m_mutex);
    m_order.clear();
    m_places.clear();
    m_bytes = 0;
}

std::size_t FrameCache::bytes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_bytes;
}

} // namespace fw
