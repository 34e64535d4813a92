// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>

namespace fw {

/// Holds the decoder back while too many decoded bytes are under way. Nobody blocks: a decoder that
/// is not admitted ends its turn, and `resume` is called when there is room. Thread-safe.
class ByteBudget
{
public:
    ByteBudget(std::size_t limit, std::function<void()> resume)
        : m_limit(limit)
        , m_resume(std::move(resume))
    {
    }

    /// One picture is always admitted when nothing is under way, however large it is.
    /// @return false: not now, `resume` will be called.
    bool admit(std::size_t estimate)
    {
        const std::lock_guard lock(m_mutex);
        m_parked = m_used > 0 && m_used + estimate > m_limit;
        m_parkedEstimate = estimate;
        return !m_parked;
    }

    void take(std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        m_used += bytes;
    }

    void give(std::size_t bytes)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_used -= bytes;
            if (!m_parked || (m_used > 0 && m_used + m_parkedEstimate > m_limit))
                return;
            m_parked = false;
        }
        m_resume();
    }

private:
    const std::size_t m_limit;
    const std::function<void()> m_resume;
    std::mutex m_mutex;
    std::size_t m_used = 0;
    std::size_t m_parkedEstimate = 0;
    bool m_parked = false;
};

} // namespace fw
