// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "run/engine.h"
#include "run/frame_choice.h"
#include "run/plan.h"

#include <atomic>
#include <limits>

namespace fw {

/// One method while it runs: its plugin object, its state, and the net under it. All calls come
/// from the method's strand, except those marked (any thread). Nothing a plugin throws gets past
/// here.
class LiveMethod
{
public:
    LiveMethod(PluginRegistry &registry, const PlannedMethod &planned, std::size_t planPosition,
               RunRecord record, JobContext job, FrameChoice choice);

    /// The observers whose measurements this one sees; they share no strand with it.
    void buildOn(std::vector<const LiveMethod *> observers) { m_observers = std::move(observers); }

    void begin(const ClipFacts &clip);
    void observe(const FrameBundle &bundle, Observations *added);
    void detect(const FrameBundle &bundle);
    void finish(const Ledger &ledger);

    const PlannedMethod &planned() const { return m_planned; }            // any thread
    const Manifest &manifest() const { return m_planned.entry.manifest; } // any thread
    std::size_t planPosition() const { return m_planPosition; }           // any thread
    const FrameChoice &choice() const { return m_choice; }                // any thread
    bool running() const;                                                 // any thread
    bool ended() const;                                                   // any thread
    MethodProgress progress() const;                                      // any thread
    /// The result once it has ended; call once, from the strand that ended it.
    MethodResult takeResult();

private:
    bool observersHold(FrameIndex upTo);
    void end(const Error &error, FrameIndex at);
    void end(MethodProgress::State state, const QString &reason, FrameIndex at);
    void watchFaces(const Observations &observed);
    Result<void> checkFaces() const;
    template <class Call> auto timed(Call &&call);

    PluginRegistry &m_registry;
    const PlannedMethod &m_planned;
    const std::size_t m_planPosition;
    RunRecord m_record;
    const JobContext m_job;
    const FrameChoice m_choice;
    std::vector<const LiveMethod *> m_observers;
    std::unique_ptr<Observer> m_observer;
    std::unique_ptr<Detector> m_detector;
    AnalysisResult m_result;
    std::int64_t m_framesWithFaceSearch = 0;
    float m_widestFace = 0.0f; ///< px; 0 = none seen

    // Written by the strand, read by others: the state last, so that who sees it sees the rest.
    QString m_reason;
    std::atomic<FrameIndex> m_endedAt{std::numeric_limits<FrameIndex>::max()};
    std::atomic<std::int64_t> m_framesDone{0};
    std::atomic<MethodProgress::State> m_state{MethodProgress::State::Waiting};
};

/// The result of a method that did not run, with the finding that says so.
MethodResult resultOfNotRun(const PlannedMethod &planned, RunRecord record);

} // namespace fw
