// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/thumbnail_worker_p.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <chrono>

namespace fw {

namespace {

constexpr std::size_t kQueue = 2000;
constexpr std::size_t kMadeBytes = std::size_t(16) << 20;
constexpr std::chrono::milliseconds kPatience{200};

} // namespace

ThumbnailWorker::ThumbnailWorker(StoreState &state, Ready ready)
    : m_state(state), m_ready(std::move(ready)), m_made(kMadeBytes)
{
}

void ThumbnailWorker::request(FrameIndex index, int width)
{
    if (index < 0 || width <= 0)
        return;
    {
        const std::scoped_lock lock(m_state.mutex);
        const auto same = [&](const Request &r) { return r.index == index && r.width == width; };
        if (std::any_of(m_queue.begin(), m_queue.end(), same))
            return;
        if (m_queue.size() >= kQueue)
            m_queue.pop_front(); // asked for long ago
        m_queue.push_back({index, width});
    }
    m_state.changed.notify_all();
}

void ThumbnailWorker::cancel()
{
    const std::scoped_lock lock(m_state.mutex);
    m_queue.clear();
}

void ThumbnailWorker::run(std::stop_token stop)
{
    while (const auto request = next(stop))
        serve(*request);
}

std::optional<ThumbnailWorker::Request> ThumbnailWorker::next(std::stop_token stop)
{
    std::unique_lock lock(m_state.mutex);
    // The first in the queue that the index already reaches.
    auto found = m_queue.end();
    m_state.changed.wait(lock, stop, [&] {
        if (m_state.scanDone && !m_state.index)
            m_queue.clear();
        found = std::find_if(m_queue.begin(), m_queue.end(), [&](const Request &r) {
            return m_state.index && (m_state.scanDone || r.index < m_state.index->frameCount());
        });
        return found != m_queue.end();
    });
    if (stop.stop_requested())
        return std::nullopt;
    // Exact frames first, though not for ever: while a clip plays somebody always waits for one.
    m_state.changed.wait_for(lock, stop, kPatience, [this] { return !m_state.decoding; });
    if (stop.stop_requested())
        return std::nullopt;
    found = std::find_if(m_queue.begin(), m_queue.end(), [&](const Request &r) {
        return m_state.scanDone || r.index < m_state.index->frameCount();
    });
    if (found == m_queue.end())
        return Request{}; // cancelled meanwhile; width 0 asks for nothing
    const Request request = *found;
    m_queue.erase(found);
    m_index = m_state.index;
    return request;
}

void ThumbnailWorker::serve(const Request &request)
{
    if (request.width <= 0 || m_broken || !m_index || request.index >= m_index->frameCount())
        return;
    if (!m_reader) {
        auto reader = SeekReader::open(m_state.path, *m_index, {.hashPlanes = false, .threads = 1});
        m_broken = !reader;
        if (m_broken)
            return;
        m_reader = std::move(*reader);
    } else if (m_reader->index().frameCount() != m_index->frameCount()) {
        m_reader->setIndex(*m_index);
    }
    if (m_madeWidth != request.width)
        m_made.clear();
    m_madeWidth = request.width;

    const FrameIndex key = m_index->keyFrameBefore(request.index);
    FramePtr small = m_made.find(key);
    if (!small) {
        auto picture = m_reader->keyFrameBefore(key);
        if (!picture || picture->bgr.empty())
            return; // the timeline keeps its blank; the player tells what is wrong
        const int height = std::max(1, int(std::lround(double(picture->bgr.rows) * request.width
                                                       / picture->bgr.cols)));
        cv::Mat scaled;
        cv::resize(picture->bgr, scaled, {request.width, height}, 0, 0, cv::INTER_AREA);
        picture->bgr = scaled;
        small = frameOf(*picture, m_index->timeBase);
        m_made.insert(small);
    }
    m_ready(request.index, std::move(small));
}

} // namespace fw
