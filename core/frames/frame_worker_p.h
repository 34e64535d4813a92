// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/store_state_p.h"

#include <stop_token>

namespace fw {

/// The decode thread of a FrameStore: answers the newest request, then decodes ahead of the reader
/// in the direction in which he goes.
class FrameWorker
{
public:
    struct Answers
    {
        std::function<void(quint64 ticket, FramePtr frame, bool exact)> ready;
        std::function<void(quint64 ticket, const Error &error)> failed;
    };
    FrameWorker(StoreState &state, Answers answers);

    /// Replaces the request that waits, if any. `answered`: the frame was in the cache, and only
    /// the place of interest moves.
    void request(quint64 ticket, FrameIndex index, bool playAhead, bool answered);
    void run(std::stop_token stop);

private:
    enum class Direction { None, Forward, Backward };
    struct Request
    {
        quint64 ticket = 0;
        FrameIndex index = 0;
        Direction direction = Direction::None;
        bool answered = false;
    };
    bool openReader();
    std::optional<Request> waitForWork(bool moreToPrefetch);
    bool takeIndex();
    bool waitForIndex(const Request &request);
    void serve(const Request &request);
    void decode(const Request &request);
    bool prefetch();
    bool prefetchForward();
    bool prefetchBackward();
    bool newerRequest();
    FrameIndex framesIn(std::size_t share) const;
    FramePtr keep(const DecodedPicture &picture);

    StoreState &m_state;
    Answers m_answers;
    // Guarded by the state's mutex.
    std::optional<Request> m_waiting;
    FrameIndex m_lastAsked = 0;
    Direction m_asked = Direction::None;

    std::stop_token m_stop;

    std::unique_ptr<SeekReader> m_reader;
    std::shared_ptr<const PacketIndex> m_index;
    std::shared_ptr<const Ledger> m_ledger;
    std::optional<Error> m_broken; ///< the file cannot be opened or nothing in it be decoded
    Rational m_timeBase{1, 1};
    std::size_t m_frameBytes = 1;
    FrameIndex m_focus = 0;
    Direction m_direction = Direction::None;
};

} // namespace fw
