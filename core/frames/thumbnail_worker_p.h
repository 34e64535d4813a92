// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/store_state_p.h"

#include <deque>
#include <stop_token>

namespace fw {

/// Makes the small pictures of the timeline: key frames only, with a decoder of its own, and only
/// while nobody waits for a frame.
class ThumbnailWorker
{
public:
    using Ready = std::function<void(FrameIndex index, FramePtr small)>;
    ThumbnailWorker(StoreState &state, Ready ready);

    void request(FrameIndex index, int width);
    void cancel();
    void run(std::stop_token stop);

private:
    struct Request
    {
        FrameIndex index = 0;
        int width = 0;
    };
    std::optional<Request> next(std::stop_token stop);
    void serve(const Request &request);

    StoreState &m_state;
    Ready m_ready;
    std::deque<Request> m_queue; ///< guarded by the state's mutex

    std::unique_ptr<SeekReader> m_reader;
    std::shared_ptr<const PacketIndex> m_index;
    FrameCache m_made;
    int m_madeWidth = 0;
    bool m_broken = false;
};

} // namespace fw
