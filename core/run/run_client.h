// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "run/engine.h"

#include <QObject>

#include <memory>

namespace fw {

/// How views start and follow an analysis. Every call returns at once; signals are sent in the
/// thread that the client lives in, which runs an event loop. The run's threads give way to it.
class RunClient : public QObject
{
    Q_OBJECT
public:
    /// @param registry  outlives the client.
    explicit RunClient(PluginRegistry &registry, QObject *parent = nullptr);
    ~RunClient() override; ///< cancels and waits

    /// While a run goes on it is cancelled (`failed` says so) and the new one starts when it has
    /// ended.
    /// @param cache  a snapshot of what is known; used from the worker thread. May be null.
    void start(const RunRequest &request, std::shared_ptr<ResultCache> cache);
    void cancel();
    /// Holds the present run, or lets it go on; progressed() tells when it is held. A new run never
    /// starts held. Without a run: nothing.
    void setPaused(bool paused);
    bool isRunning() const;

Q_SIGNALS:
    void started();
    void progressed(const fw::RunProgress &progress);
    void factsKnown(const fw::MediaFacts &facts);
    /// Consecutive frames from `first` on, in batches at most 20 times a second. Where an observer
    /// leaves frames out, a batch is sent as several signals.
    void facesObserved(fw::FrameIndex first, const std::vector<fw::FaceObservations> &faces);
    void methodFinished(const fw::MethodResult &result);
    void finished(const fw::RunOutcome &outcome);
    void failed(const fw::Error &error); ///< also Errc::Cancelled

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
