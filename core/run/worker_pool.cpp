// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/worker_pool.h"

#include <algorithm>

namespace fw {

WorkerPool::WorkerPool(int threads)
{
    for (int i = 0; i < std::max(1, threads); ++i)
        m_threads.emplace_back([this] { work(); });
}

void WorkerPool::post(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped)
            return;
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void WorkerPool::stop()
{
    std::deque<std::function<void()>> dropped; // destroyed outside the lock: it may free frames
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        dropped.swap(m_tasks);
    }
    m_wake.notify_all();
    for (std::thread &thread : m_threads) {
        if (thread.joinable())
            thread.join();
    }
}

void WorkerPool::work()
{
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopped || !m_tasks.empty(); });
            if (m_stopped)
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        task();
    }
}

void Strand::post(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
        if (m_scheduled)
            return;
        m_scheduled = true;
    }
    m_pool.post([this] { runOne(); });
}

void Strand::runOne()
{
    std::function<void()> task;
    {
        const std::lock_guard lock(m_mutex);
        task = std::move(m_tasks.front());
        m_tasks.pop_front();
    }
    task();
    task = {}; // what the task held is freed before the next one runs
    {
        const std::lock_guard lock(m_mutex);
        if (m_tasks.empty()) {
            m_scheduled = false;
            return;
        }
    }
    // Through the pool again, so that the strands take turns.
    m_pool.post([this] { runOne(); });
}

} // namespace fw
