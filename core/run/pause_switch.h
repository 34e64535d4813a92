// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

namespace fw {

/// Holds a run's intake: while it is on, no further picture is decoded; those under way are worked
/// off. The run looks at it before each picture and about 20 times a second. Thread-safe.
class PauseSwitch
{
public:
    void set(bool paused) { m_paused.store(paused, std::memory_order_relaxed); }
    bool isOn() const { return m_paused.load(std::memory_order_relaxed); }

private:
    std::atomic<bool> m_paused{false};
};

} // namespace fw
