// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "plugin_bench.h"

#include <chrono>
#include <functional>
#include <thread>

#include <sys/resource.h>

namespace fw::test {

/// Processor time of the whole process, s.
inline double processSeconds()
{
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return double(use.ru_utime.tv_sec + use.ru_stime.tv_sec) + 1e-6 * double(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/// What became of a run that was told to stop while it worked.
struct StoppedRun
{
    bool stopped = false;         ///< it was told before it had ended
    bool cancelled = false;       ///< it ended with Errc::Cancelled
    double secondsAfter = 0.0;    ///< processor time from being told to its end
};

/// @param seconds  processor time of the run after which it is told.
inline StoppedRun runAndStop(const std::function<std::unique_ptr<Detector>()> &make, const BenchClip &clip, JobContext job, double seconds)
{
    StoppedRun run;
    std::stop_source source;
    job.stop = source.get_token();
    const auto detector = make();
    const double start = processSeconds();
    double told = -1.0;
    std::jthread watch([&](std::stop_token ended) {
        while (!ended.stop_requested() && processSeconds() - start < seconds)
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        if (!ended.stop_requested()) {
            told = processSeconds();
            source.request_stop();
        }
    });
    const auto result = runDetector(*detector, clip, job);
    const double end = processSeconds();
    watch.request_stop();
    watch.join();
    run.stopped = told >= 0.0 && told < end;
    run.cancelled = !result && result.error().code == Errc::Cancelled;
    run.secondsAfter = run.stopped ? end - told : 0.0;
    return run;
}

} // namespace fw::test
