// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/person_fit_p.h"

#include <utility>
#include <vector>

namespace fw::person {

struct KeyFrame
{
    Seen seen;
    State state;
    double yaw = 0.0, pitch = 0.0;
    double activity = 0.0; ///< sum of strengths: the less, the more of the identity it shows
};

/// Up to 30 frames that spread over yaw and pitch: what the identity of a head is learnt from.
class KeyFrames
{
public:
    /// Keeps a new view of the head, or a calmer face from a view that is known.
    /// @param frames  that were seen before.
    void offer(const Seen &seen, const State &state, int frames);
    std::vector<KeyFrame> &all() { return m_keys; }
    std::size_t size() const { return m_keys.size(); }
    /// Whether something was kept since this was asked last.
    bool takeChanged() { return std::exchange(m_changed, false); }

private:
    std::vector<KeyFrame> m_keys;
    bool m_changed = false;
};

} // namespace fw::person
