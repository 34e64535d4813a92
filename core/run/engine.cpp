// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/engine.h"

#include "base/json.h"
#include "base/version.h"
#include "detect/capabilities.h"
#include "run/fingerprint_library.h"
#include "run/guarded.h"
#include "run/intake.h"
#include "run/pipeline.h"

#include <QtEndian>

#include <algorithm>
#include <thread>
#include <tuple>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using State = MethodProgress::State;

/// One number for each pair of evidence and method: random choices repeat, but not across methods.
quint64 seedOf(const QString &mediaSha256, const QString &pluginId)
{
    const Sha256 hash = sha256((mediaSha256 + u'\n' + pluginId).toUtf8());
    return qFromBigEndian<quint64>(hash.data());
}

/// An observer's version as its users record it: options that differ from the defaults are part of
/// it, because they change what the users see.
QString inputVersion(const PlannedMethod &observer)
{
    const Manifest &m = observer.entry.manifest;
    if (observer.options == m.defaultOptions())
        return m.version;
    QJsonObject options = observer.options;
    for (const OptionSpec &option : m.options) { // a file is its bytes, not its name
        const auto hash = observer.entry.modelHashes.find(option.name);
        if (option.type == OptionSpec::Type::File && hash != observer.entry.modelHashes.end())
            options.insert(option.name, hash->second);
    }
    return m.version + u" options "_s + hexText(sha256(canonicalJson(options))).left(16);
}

/// One call of runAnalyses.
class Run
{
public:
    Run(PluginRegistry &registry, const RunRequest &request, ResultCache *cache,
        RunListener &listener, std::stop_token stop)
        : m_registry(registry)
        , m_request(request)
        , m_cache(cache)
        , m_listener(listener)
        , m_stop(std::move(stop))
        , m_libraries(libraryVersions())
    {
    }

    Result<RunOutcome> go();

private:
    bool wantsCoefficients() const;
    void planMethods();
    RunRecord recordOf(std::size_t position) const;
    void askCache();
    void decide();
    std::shared_ptr<const ObservationLog> knownObservations(std::size_t position);
    void settle(std::size_t position, MethodResult result, State state);
    std::unique_ptr<LiveMethod> makeLive(std::size_t position);
    Result<void> compute();
    void replayObservations();
    void nameObservations();

    PluginRegistry &m_registry;
    const RunRequest &m_request;
    ResultCache *m_cache;
    ListenerGate m_listener;
    const std::stop_token m_stop;
    const std::map<QString, QString> m_libraries;

    double m_pausedSeconds = 0.0;
    Intake m_intake;
    Plan m_plan;
    std::vector<RunRecord> m_records;                 // the following by plan position
    std::vector<std::optional<MethodResult>> m_known; ///< from the cache
    std::vector<std::shared_ptr<const ObservationLog>> m_standIns;
    std::vector<bool> m_live;
    std::vector<MethodProgress> m_settled;
    RunOutcome m_outcome;
};

Result<RunOutcome> Run::go()
{
    const auto start = std::chrono::steady_clock::now();
    auto intake = takeIn(m_request.path, m_request.source, wantsCoefficients(), m_stop);
    if (!intake)
        return Failure{intake.error()};
    m_intake = std::move(intake).value();
    m_listener.tell([this](RunListener &l) { l.factsKnown(m_intake.clip.media); });

    planMethods();
    askCache();
    decide();
    if (const auto computed = compute(); !computed)
        return Failure{computed.error()};

    m_outcome.media = m_intake.clip.media;
    std::sort(m_outcome.results.begin(), m_outcome.results.end(),
              [this](const MethodResult &a, const MethodResult &b) {
                  const auto rank = [this](const MethodResult &r) {
                      const auto planned =
                          std::find_if(m_plan.begin(), m_plan.end(), [&](const PlannedMethod &p) {
                              return p.entry.manifest.id == r.record.pluginId;
                          });
                      return std::tuple(!planned->isObserver(), r.record.pluginId);
                  };
                  return rank(a) < rank(b);
              });
    nameObservations();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    m_outcome.wallSeconds = spent.count() - m_pausedSeconds;
    return std::move(m_outcome);
}

/// Coefficients of a large photo are tens of megabytes: read them for somebody only.
bool Run::wantsCoefficients() const
{
    const auto entries = m_registry.entries();
    return std::any_of(entries.begin(), entries.end(), [this](const PluginEntry &e) {
        const bool maybe =
            e.manifest.kind == PluginKind::Observer ||
            std::any_of(m_request.methods.begin(), m_request.methods.end(),
                        [&](const MethodChoice &m) { return m.pluginId == e.manifest.id; });
        return maybe && e.manifest.needs.contains(capability::kJpeg);
    });
}

void Run::planMethods()
{
    m_plan = makePlan(m_registry, m_request.methods, m_intake.clip);
    for (PlannedMethod &planned : m_plan) {
        if (planned.entry.manifest.needs.contains(capability::kFingerprints))
            addFingerprints(&planned.entry);
    }
    for (std::size_t i = 0; i < m_plan.size(); ++i)
        m_records.push_back(recordOf(i));
    m_known.resize(m_plan.size());
    m_standIns.resize(m_plan.size());
    m_live.resize(m_plan.size());
}

RunRecord Run::recordOf(std::size_t position) const
{
    const PlannedMethod &planned = m_plan[position];
    RunRecord record;
    record.pluginId = planned.entry.manifest.id;
    record.pluginVersion = planned.entry.manifest.version;
    record.options = planned.options;
    record.modelHashes = planned.entry.modelHashes;
    record.mediaSha256 = m_intake.clip.media.sha256Text();
    record.streamIndex = m_intake.clip.streamIndex;
    record.programVersion = QStringLiteral(FW_VERSION);
    record.libraries = m_libraries;
    record.seed = seedOf(record.mediaSha256, record.pluginId);
    record.started = QDateTime::currentDateTimeUtc();
    for (const std::size_t observer : planned.observers)
        record.inputs[m_plan[observer].entry.manifest.id] = inputVersion(m_plan[observer]);
    return record;
}

void Run::askCache()
{
    if (!m_cache)
        return;
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        if (m_plan[i].notRun)
            continue;
        auto known = m_cache->find(m_records[i].cacheKey());
        if (known && (known->state == RunState::Done || known->state == RunState::NotApplicable))
            m_known[i] = std::move(known);
    }
}

std::shared_ptr<const ObservationLog> Run::knownObservations(std::size_t position)
{
    if (!m_plan[position].isGiver() || !m_known[position] ||
        m_known[position]->state != RunState::Done) {
        return nullptr;
    }
    auto log = m_cache->findObservations(m_records[position].cacheKey());
    return log ? std::make_shared<const ObservationLog>(std::move(*log)) : nullptr;
}

/// Who runs, who is known, who is left out. From the end, so that it is clear of every observer
/// whether somebody will read it.
void Run::decide()
{
    std::vector<bool> read(m_plan.size(), false);
    for (std::size_t i = m_plan.size(); i-- > 0;) {
        const PlannedMethod &planned = m_plan[i];
        if (planned.notRun)
            continue;
        m_standIns[i] = knownObservations(i);
        const bool known = m_known[i] && (!read[i] || m_standIns[i]);
        m_live[i] = !known && (read[i] || planned.requested);
        if (!m_live[i])
            continue;
        m_standIns[i] = nullptr;
        for (const std::size_t observer : planned.observers)
            read[observer] = true;
    }
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        if (m_plan[i].notRun) {
            MethodResult result = resultOfNotRun(m_plan[i], m_records[i]);
            const bool failed = result.state == RunState::Failed;
            settle(i, std::move(result), failed ? State::Failed : State::NotApplicable);
        } else if (!m_live[i] && m_known[i]) {
            settle(i, std::move(*m_known[i]), State::Cached);
        }
    }
}

void Run::settle(std::size_t position, MethodResult result, State state)
{
    m_settled.push_back({m_plan[position].entry.manifest.id, state, 0, 0});
    m_listener.tell([&](RunListener &l) { l.methodFinished(result); });
    m_outcome.results.push_back(std::move(result));
}

std::unique_ptr<LiveMethod> Run::makeLive(std::size_t position)
{
    const PlannedMethod &planned = m_plan[position];
    JobContext job;
    job.options = planned.options;
    job.modelPaths = planned.entry.modelPaths;
    job.modelHashes = planned.entry.modelHashes;
    job.stop = m_stop;
    job.seed = m_records[position].seed;
    job.observers = m_records[position].inputs;
    return std::make_unique<LiveMethod>(
        m_registry, planned, position, m_records[position], std::move(job),
        FrameChoice(planned.entry.manifest.sampling, m_intake.index, m_intake.clip.frameCount));
}

Result<void> Run::compute()
{
    PipelineInput input;
    ReaderOptions options;
    options.pixels = false;
    bool needsFrames = false;
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        if (!m_live[i])
            continue;
        const Manifest &manifest = m_plan[i].entry.manifest;
        const bool framed = manifest.sampling.mode != Sampling::Mode::None;
        needsFrames = needsFrames || framed;
        options.pixels = options.pixels || (framed && manifest.planes == Planes::Bgr);
        options.luma = options.luma || (framed && manifest.planes == Planes::Luma);
        options.coding = options.coding || (framed && m_plan[i].needs(capability::kCoding));
        options.macroblocks = options.macroblocks
            || (framed && m_plan[i].needs(capability::kMacroblocks)
                && m_intake.clip.coding.macroblocks);
        (m_plan[i].isObserver() ? input.observers : input.detectors).push_back(makeLive(i));
    }
    if (m_cache)
        input.ledger = m_cache->findLedger(m_intake.clip.media.sha256Text());
    if (needsFrames || !input.ledger || input.ledger->entries.empty()) {
        auto reader = VideoReader::open(m_request.path, options, m_request.source);
        if (!reader)
            return Failure{reader.error()};
        input.reader = std::move(reader).value();
    }
    const bool decodes = input.reader != nullptr;
    input.planSize = m_plan.size();
    input.standIns = m_standIns;
    input.settled = m_settled;
    input.clip = m_intake.clip;
    input.framesPromised = m_intake.framesPromised;
    input.inFlightBytes = m_request.inFlightBytes;
    input.pause = m_request.pause;
    input.threads = m_request.threads > 0 ? m_request.threads
                                          : int(std::max(1u, std::thread::hardware_concurrency()));

    Pipeline pipeline(std::move(input), m_listener, m_stop);
    if (const auto ran = pipeline.run(); !ran)
        return ran;
    m_outcome.ledger = pipeline.ledger();
    m_outcome.picturesDecoded = pipeline.picturesDecoded();
    m_pausedSeconds = pipeline.pausedSeconds();
    m_outcome.observations = pipeline.takeObservations();
    if (!decodes)
        replayObservations();
    for (MethodResult &result : pipeline.takeResults())
        m_outcome.results.push_back(std::move(result));
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        const bool whole = std::any_of(
            m_outcome.results.begin(), m_outcome.results.end(), [&](const MethodResult &r) {
                return r.record.pluginId == m_plan[i].entry.manifest.id && r.state == RunState::Done;
            });
        ObservationLog own = pipeline.takeOwnObservations(i);
        if (m_live[i] && m_plan[i].isGiver() && whole && !own.faces.empty())
            m_outcome.ownObservations.emplace(m_records[i].cacheKey(), std::move(own));
    }
    return {};
}

/// Without a decode nothing has carried the known observations into the log.
void Run::replayObservations()
{
    for (FrameIndex i = 0; i < m_outcome.ledger.count(); ++i) {
        Observations all;
        for (const auto &log : m_standIns) {
            if (const FaceObservations *faces = log ? log->facesAt(i) : nullptr)
                all.add({*faces});
        }
        if (all.faces)
            m_outcome.observations.setFaces(i, std::move(*all.faces));
    }
}

void Run::nameObservations()
{
    std::vector<std::size_t> givers;
    for (std::size_t i = 0; i < m_plan.size(); ++i) {
        if (m_plan[i].isGiver() && (m_live[i] || m_standIns[i]))
            givers.push_back(i);
    }
    if (givers.size() != 1)
        return;
    const QString id = m_plan[givers.front()].entry.manifest.id;
    for (const MethodResult &result : m_outcome.results) {
        if (result.record.pluginId == id && result.state == RunState::Done)
            m_outcome.observationKeys[id] = m_records[givers.front()].cacheKey();
    }
}

} // namespace

Result<RunOutcome> runAnalyses(PluginRegistry &registry, const RunRequest &request,
                               ResultCache *cache, RunListener &listener, std::stop_token stop)
{
    return guarded(request.path,
                   [&] { return Run(registry, request, cache, listener, std::move(stop)).go(); });
}

} // namespace fw
