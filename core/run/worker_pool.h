// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fw {

/// A fixed number of threads that run tasks in the order of posting. Tasks must not throw.
class WorkerPool
{
public:
    explicit WorkerPool(int threads);
    ~WorkerPool() { stop(); }
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    void post(std::function<void()> task); ///< ignored after stop
    /// Drops what is queued and waits for what is running. Not to be called from a task.
    void stop();

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_tasks;
    bool m_stopped = false;
    std::vector<std::thread> m_threads;
};

/// Tasks of one strand run on some thread of the pool, one at a time, in the order of posting. An
/// object that is touched by one strand only needs no lock.
class Strand
{
public:
    explicit Strand(WorkerPool &pool)
        : m_pool(pool)
    {
    }
    void post(std::function<void()> task); ///< the strand outlives the pool's threads

private:
    void runOne();

    WorkerPool &m_pool;
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_tasks;
    bool m_scheduled = false;
};

} // namespace fw
