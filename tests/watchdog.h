// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <ctime>

namespace fw::test {

/// Measures how long the interface thread ever kept its event loop waiting: a timer that should
/// fire every few milliseconds notes the longest time between two calls, and the most work that the
/// thread itself did between two. The first grows on a busy machine, the second does not.
class Watchdog : public QObject
{
public:
    Watchdog()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_worstMs = std::max(m_worstMs, m_clock.restart());
            const qint64 work = workMs();
            m_mostWorkMs = std::max(m_mostWorkMs, work - m_workBefore);
            m_workBefore = work;
            ++m_beats;
        });
        m_clock.start();
        m_timer.start(2);
    }
    void restart()
    {
        m_worstMs = m_mostWorkMs = 0;
        m_workBefore = workMs();
        m_beats = 0;
        m_clock.restart();
    }
    qint64 worstMs() const { return std::max(m_worstMs, m_clock.elapsed()); }
    qint64 mostWorkMs() const { return m_mostWorkMs; }
    int beats() const { return m_beats; }

private:
    static qint64 workMs() ///< processor time of the calling thread
    {
        timespec spent{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
        return qint64(spent.tv_sec) * 1000 + spent.tv_nsec / 1'000'000;
    }

    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_worstMs = 0, m_mostWorkMs = 0, m_workBefore = workMs();
    int m_beats = 0;
};

} // namespace fw::test
