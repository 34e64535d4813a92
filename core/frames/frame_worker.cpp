// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/frame_worker_p.h"

#include <algorithm>
#include <thread>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::int64_t kSoon = 6;        // frames: nearer ones come before a key frame would help
constexpr FrameIndex kKeptBefore = 8;    // frames before a target that are kept for stepping back
constexpr FrameIndex kStep = 4;          // frames back: a step in reverse play, not a jump
constexpr FrameIndex kMaxAhead = 48;     // frames decoded ahead of the place of interest

} // namespace

FramePtr frameOf(const DecodedPicture &picture, Rational timeBase)
{
    auto frame = std::make_shared<Frame>();
    frame->index = picture.index;
    frame->time = {picture.ledger.pts, timeBase};
    frame->bgr = picture.bgr;
    frame->planes = picture.ledger.planes;
    frame->keyFrame = picture.ledger.keyFrame;
    frame->pictureType = picture.ledger.pictureType;
    frame->motion = picture.coding.motion;
    return frame;
}

FrameWorker::FrameWorker(StoreState &state, Answers answers)
    : m_state(state), m_answers(std::move(answers))
{
}

void FrameWorker::request(quint64 ticket, FrameIndex index, bool playAhead, bool answered)
{
    {
        const std::scoped_lock lock(m_state.mutex);
        // Judged from request to request: the worker may see only every tenth of them.
        const FrameIndex step = index - m_lastAsked;
        if (playAhead)
            m_asked = Direction::Forward;
        else if (step != 0)
            m_asked = step < 0 && step >= -kStep ? Direction::Backward : Direction::None;
        m_lastAsked = index;
        m_waiting = Request{ticket, index, m_asked, answered};
        m_state.decoding = !answered;
    }
    m_state.changed.notify_all();
}

void FrameWorker::run(std::stop_token stop)
{
    m_stop = stop;
    openReader();
    bool moreToPrefetch = false;
    while (!m_stop.stop_requested()) {
        if (const auto request = waitForWork(moreToPrefetch)) {
            serve(*request);
            moreToPrefetch = !m_broken;
        } else if (moreToPrefetch) {
            moreToPrefetch = prefetch();
        }
    }
}

/// Decodes the first frame at once: it does not need the index, and it is what is looked at first.
bool FrameWorker::openReader()
{
    const int threads = int(std::clamp(std::thread::hardware_concurrency(), 1u, 4u));
    auto reader = SeekReader::open(m_state.path, {}, {.coding = true, .threads = threads});
    if (!reader) {
        m_broken = reader.error();
        return false;
    }
    m_reader = std::move(*reader);
    if (const StreamFacts *video = m_reader->facts().video())
        m_timeBase = video->timeBase;
    auto first = m_reader->first();
    if (!first) {
        m_broken = first.error();
        return false;
    }
    keep(*first);
    return true;
}

std::optional<FrameWorker::Request> FrameWorker::waitForWork(bool moreToPrefetch)
{
    std::unique_lock lock(m_state.mutex);
    if (!moreToPrefetch)
        m_state.changed.wait(lock, m_stop, [this] { return m_waiting.has_value(); });
    return std::exchange(m_waiting, std::nullopt);
}

bool FrameWorker::newerRequest()
{
    const std::scoped_lock lock(m_state.mutex);
    return m_waiting.has_value();
}

/// Follows the index as it grows. false when nothing is there yet.
bool FrameWorker::takeIndex()
{
    std::shared_ptr<const PacketIndex> index;
    std::shared_ptr<const Ledger> ledger;
    {
        const std::scoped_lock lock(m_state.mutex);
        index = m_state.index;
        ledger = m_state.ledger;
    }
    if (index && index != m_index && m_reader)
        m_reader->setIndex(*index);
    if (ledger != m_ledger && m_reader)
        m_reader->expect(ledger);
    m_index = std::move(index);
    m_ledger = std::move(ledger);
    return m_index != nullptr;
}

/// Waits until the scan has come past the frame. false when the wait is over without it.
bool FrameWorker::waitForIndex(const Request &request)
{
    std::unique_lock lock(m_state.mutex);
    m_state.changed.wait(lock, m_stop, [&] {
        return m_waiting || m_state.scanDone
               || (m_state.index && m_state.index->frameCount() > request.index);
    });
    return !m_stop.stop_requested() && !m_waiting;
}

void FrameWorker::serve(const Request &request)
{
    m_focus = request.index;
    m_direction = request.direction;
    if (request.answered)
        return;
    if (FramePtr frame = m_state.cache.find(request.index))
        m_answers.ready(request.ticket, std::move(frame), true);
    else if (m_broken)
        m_answers.failed(request.ticket, *m_broken);
    else if (request.index < 0)
        m_answers.failed(request.ticket, {Errc::NotFound, u"there is no frame %1"_s.arg(request.index), m_state.path});
    else if (waitForIndex(request))
        decode(request);
    const std::scoped_lock lock(m_state.mutex);
    m_state.decoding = m_waiting && !m_waiting->answered;
}

FramePtr FrameWorker::keep(const DecodedPicture &picture)
{
    FramePtr frame = frameOf(picture, m_timeBase);
    m_frameBytes = std::max<std::size_t>(1, frame->bytes());
    m_state.cache.insert(frame);
    return frame;
}

/// How many frames fit into this many hundredths of the cache.
FrameIndex FrameWorker::framesIn(std::size_t share) const
{
    return std::min(kMaxAhead, FrameIndex(m_state.cache.maxBytes() / 100 * share / m_frameBytes));
}

void FrameWorker::decode(const Request &request)
{
    if (!takeIndex()) {
        const std::scoped_lock lock(m_state.mutex);
        m_answers.failed(request.ticket, m_state.scanError.value_or(
                                             Error{Errc::NotFound, u"there is no frame"_s, m_state.path}));
        return;
    }
    const FrameIndex target = request.index;
    const FrameIndex key = m_reader->index().keyFrameBefore(target);
    // From where the decoder stands it may be shorter than from the key frame, which is then not seen.
    const std::int64_t distance = m_reader->distanceTo(target);
    // Going back frame by frame, what is on screen is nearer than any key frame.
    bool keyWanted = distance > kSoon && key != target && m_direction != Direction::Backward;
    if (keyWanted) {
        if (FramePtr frame = m_state.cache.find(key)) {
            m_answers.ready(request.ticket, std::move(frame), false);
            keyWanted = false;
        }
        keyWanted = keyWanted && distance > target - key;
    }
    const FrameIndex keptBefore = m_direction == Direction::Backward ? framesIn(50) : kKeptBefore;
    const auto wanted = [&](FrameIndex i) {
        return (keyWanted && i == key) || (i + keptBefore >= target && !m_state.cache.contains(i));
    };
    const auto passing = [&](const DecodedPicture &picture) {
        if (m_stop.stop_requested())
            return false;
        if (!picture.bgr.empty()) {
            const FramePtr frame = keep(picture);
            if (keyWanted && picture.index == key)
                m_answers.ready(request.ticket, frame, false);
        }
        keyWanted = keyWanted && picture.index < key;
        // While somebody drags along the timeline every request is overtaken; he sees the key
        // frames at least.
        return keyWanted || !newerRequest();
    };
    auto picture = m_reader->at(target, passing, wanted);
    if (picture)
        m_answers.ready(request.ticket, keep(*picture), true);
    else if (picture.error().code != Errc::Cancelled)
        m_answers.failed(request.ticket, picture.error());
}

/// One step of decoding ahead. false when there is nothing left to do.
bool FrameWorker::prefetch()
{
    if (!takeIndex())
        return false;
    switch (m_direction) {
    case Direction::Forward: return prefetchForward();
    case Direction::Backward: return prefetchBackward();
    case Direction::None: return false;
    }
    return false;
}

bool FrameWorker::prefetchForward()
{
    const FrameIndex end = std::min(m_focus + 1 + framesIn(40), m_reader->index().frameCount());
    for (FrameIndex next = m_focus + 1; next < end; ++next) {
        if (m_state.cache.contains(next))
            continue;
        auto picture = m_reader->at(next, [this](const DecodedPicture &) {
            return !m_stop.stop_requested() && !newerRequest();
        }, [](FrameIndex) { return false; });
        if (picture)
            keep(*picture);
        return picture.has_value() || picture.error().code == Errc::Cancelled;
    }
    return false;
}

bool FrameWorker::prefetchBackward()
{
    const FrameIndex reach = framesIn(40);
    FrameIndex target = m_focus - 1;
    while (target >= 0 && m_focus - target <= reach && m_state.cache.contains(target))
        --target;
    // Half a window is left: that is soon enough, and later it would be too late for a long group.
    if (target < 0 || m_focus - target > reach / 2)
        return false;
    const auto wanted = [&](FrameIndex i) {
        return i + reach / 2 >= target && !m_state.cache.contains(i);
    };
    auto picture = m_reader->at(
        target,
        [&](const DecodedPicture &p) {
            if (!p.bgr.empty())
                keep(p);
            return !m_stop.stop_requested() && !newerRequest();
        },
        wanted);
    if (picture)
        keep(*picture);
    return picture.has_value() || picture.error().code == Errc::Cancelled;
}

} // namespace fw
