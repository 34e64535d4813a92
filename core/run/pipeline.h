// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "run/byte_budget.h"
#include "run/live_method.h"
#include "run/pause_switch.h"
#include "run/worker_pool.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <vector>

namespace fw {

/// Serialises the calls to a listener.
class ListenerGate
{
public:
    explicit ListenerGate(RunListener &listener)
        : m_listener(listener)
    {
    }
    template <class Call> void tell(Call &&call)
    {
        const std::lock_guard lock(m_mutex);
        call(m_listener);
    }

private:
    RunListener &m_listener;
    std::mutex m_mutex;
};

/// What a run consists of once it is clear what has to be computed.
struct PipelineInput
{
    std::vector<std::unique_ptr<LiveMethod>> observers; ///< in plan order
    std::vector<std::unique_ptr<LiveMethod>> detectors;
    std::size_t planSize = 0;
    /// By plan position: measurements of an earlier run that stand in for an observer.
    std::vector<std::shared_ptr<const ObservationLog>> standIns;
    std::unique_ptr<VideoReader> reader; ///< null: no frame is needed and `ledger` is known
    std::optional<Ledger> ledger;
    std::vector<MethodProgress> settled; ///< of methods that need not run, for the progress shown
    ClipFacts clip;
    std::int64_t framesPromised = 0; ///< by the packet scan
    std::size_t inFlightBytes = 0;
    std::shared_ptr<const PauseSwitch> pause; ///< may be null
    int threads = 1;
};

/// Decodes once and feeds every method in frame order. Each method is a strand; a frame passes the
/// observers one after the other and then goes to all detectors at once. The decoder is a task like
/// any other, so N threads do all the work.
class Pipeline
{
public:
    Pipeline(PipelineInput input, ListenerGate &listener, std::stop_token stop);
    ~Pipeline();

    /// Blocks until every method has ended. Errc::Cancelled when stopped, Errc::BadData when not a
    /// single picture could be decoded.
    Result<void> run();

    const Ledger &ledger() const { return *m_final; }
    ObservationLog takeObservations() { return std::move(m_log); }
    /// What one observer added, by plan position; empty unless several measured side by side.
    ObservationLog takeOwnObservations(std::size_t position)
    {
        return position < m_ownLogs.size() ? std::move(m_ownLogs[position]) : ObservationLog{};
    }
    std::vector<MethodResult> takeResults() { return std::move(m_results); }
    std::int64_t picturesDecoded() const { return m_decoded.load(); }
    double pausedSeconds() const { return m_paused.count(); }

private:
    struct Item;
    using ItemPtr = std::shared_ptr<Item>;

    void decodeOne();
    void followPause();
    bool isPaused() const { return m_in.pause && m_in.pause->isOn(); }
    ItemPtr itemOf(DecodedPicture picture, std::vector<bool> takes, std::size_t cost);
    FrameBundle bundleFor(const Item &item, const LiveMethod &method) const;
    void pass(const ItemPtr &item, std::size_t observer);
    void share(const ItemPtr &item);
    void endStream(const QString &reason);
    void passEnd(std::size_t observer);
    void report(LiveMethod &method);
    void reportIfEnded(LiveMethod &method, bool wasRunning);
    bool stopped() const { return m_stop.stop_requested(); }
    RunProgress progress() const;

    PipelineInput m_in;
    ListenerGate &m_listener;
    const std::stop_token m_stop;
    std::vector<LiveMethod *> m_methods; ///< observers, then detectors
    bool m_wantsCoding = false;

    Ledger m_ledger; ///< grows; only the decode task touches it
    std::shared_ptr<const Ledger> m_final;
    ObservationLog m_log; ///< only the sharing strand touches it
    std::vector<ObservationLog> m_ownLogs; ///< by plan position; empty: one observer measures
    std::atomic<std::int64_t> m_decoded{0};
    std::chrono::steady_clock::time_point m_start;

    std::atomic<bool> m_held{false}; ///< the decode task ended its turn because of a pause
    // Of the thread in run(), which looks at the switch.
    std::chrono::duration<double> m_paused{};
    std::optional<std::chrono::steady_clock::time_point> m_pausedAt; ///< when it last saw the pause

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<MethodResult> m_results; ///< guarded by m_mutex
    std::size_t m_left = 0;              ///< detectors that have not ended; guarded by m_mutex
    bool m_noPicture = false;            ///< guarded by m_mutex
    QString m_noPictureReason;

    // The pool's threads use all of the above and the strands; items in the strands use the budget.
    // The destructor stops the pool first.
    ByteBudget m_budget;
    WorkerPool m_pool;
    std::vector<std::unique_ptr<Strand>> m_strands; ///< as m_methods, then the sharing strand
};

} // namespace fw
