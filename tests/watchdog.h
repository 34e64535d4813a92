// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>

namespace fw::test {

/// Measures how long the interface thread ever kept its event loop waiting: a timer that should
/// fire every few milliseconds notes the longest time between two calls.
class Watchdog : public QObject
{
public:
    Watchdog()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_worstMs = std::max(m_worstMs, m_clock.restart());
            ++m_beats;
        });
        m_clock.start();
        m_timer.start(2);
    }
    void restart()
    {
        m_worstMs = 0;
        m_beats = 0;
        m_clock.restart();
    }
    qint64 worstMs() const { return std::max(m_worstMs, m_clock.elapsed()); }
    int beats() const { return m_beats; }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_worstMs = 0;
    int m_beats = 0;
};

} // namespace fw::test
