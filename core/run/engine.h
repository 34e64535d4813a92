// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "findings/observation_log.h"
#include "findings/run_record.h"
#include "media/ledger.h"
#include "media/video_reader.h"
#include "run/pause_switch.h"
#include "run/plan.h"
#include "run/plugin_registry.h"

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace fw {

struct RunRequest
{
    QString path;
    std::vector<MethodChoice> methods; ///< observers that these need are added by the plan
    int threads = 0;                   ///< workers; 0 = one per core. Results do not depend on it
    std::size_t inFlightBytes = std::size_t(192) << 20; ///< bound on decoded pictures under way
    ByteSourceFactory source = openFileSource;
    std::shared_ptr<const PauseSwitch> pause; ///< null: the run cannot be paused
};

/// Where a result came from the last time. The case file implements it; all calls come from the
/// thread that runs the engine.
class ResultCache
{
public:
    virtual ~ResultCache() = default;
    virtual std::optional<MethodResult> find(const QString &cacheKey) = 0;
    virtual std::optional<ObservationLog> findObservations(const QString &cacheKey) = 0;
    virtual std::optional<Ledger> findLedger(const QString &mediaSha256) = 0;
};

struct MethodProgress
{
    QString pluginId;
    enum class State { Waiting, Running, Done, NotApplicable, Failed, Cancelled, Cached } state{};
    std::int64_t framesDone = 0;
    std::int64_t framesTotal = 0;
};

struct RunProgress
{
    std::int64_t framesDecoded = 0, framesTotal = 0;
    double framesPerSecond = 0.0;
    std::optional<double> secondsLeft;
    std::vector<MethodProgress> methods;
    bool paused = false; ///< no further picture is decoded; the rate leaves pauses out
};

/// Told what happens while a run goes on. Calls come from several threads, never two at once, and
/// hold up the run: be brief.
class RunListener
{
public:
    virtual ~RunListener() = default;
    virtual void progressed(const RunProgress &) {} ///< at most 20 times a second
    virtual void factsKnown(const MediaFacts &) {}  ///< hashes included
    virtual void facesObserved(FrameIndex, const FaceObservations &) {}
    virtual void methodFinished(const MethodResult &) {} ///< also of cached and inapplicable ones
};

struct RunOutcome
{
    MediaFacts media;
    Ledger ledger;
    std::vector<MethodResult> results; ///< observers first, then by plugin id
    ObservationLog observations;       ///< of all observers together
    /// Observer id -> cache key under which `observations` can stand in for it. Empty when several
    /// observers measured side by side: what each of them added cannot be told apart afterwards.
    std::map<QString, QString> observationKeys;
    /// Cache key -> what one observer added, when several measured side by side: with these each of
    /// them can be stood in for.
    std::map<QString, ObservationLog> ownObservations;
    std::int64_t picturesDecoded = 0; ///< 0 when everything came from the cache
    double wallSeconds = 0.0;          ///< pauses left out
};

/// Analyses one file: plans (needs -> gives), decodes once, feeds every analysis in frame order
/// through strands on a small pool, collects. Blocks; RunClient runs it in a thread.
/// A plugin that throws, breaks its contract or fails ends as RunState::Failed with its reason and
/// the others go on. An error is returned only when nothing could be analysed at all (the file is
/// unreadable or holds no picture); Errc::Cancelled when stopped: finished methods were reported
/// to the listener by then. The file is hashed before the first analysis begins, beside the packet
/// scan: seeds and cache keys are made from its SHA-256. Results of a method depend on the bytes
/// and on what its manifest names, never on the number of threads or on the methods that run beside
/// it.
Result<RunOutcome> runAnalyses(PluginRegistry &registry, const RunRequest &request,
                               ResultCache *cache, RunListener &listener, std::stop_token stop);

/// Names and versions of the libraries that numbers depend on.
std::map<QString, QString> libraryVersions();

/// Keeps OpenCV from making threads of its own: the engine's workers are one per core already, and
/// sums over several inner threads would not be the same twice. Call once, before the first run.
void limitInnerThreads();

} // namespace fw
