// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/live_method.h"

#include "detect/capabilities.h"
#include "run/contract.h"
#include "run/guarded.h"

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

using State = MethodProgress::State;

namespace {

Finding notApplicableFinding(const Manifest &manifest, const QString &reason)
{
    Finding finding;
    finding.id = u"not-applicable"_s;
    finding.verdict = Verdict::NotApplicable;
    finding.title = manifest.name;
    finding.summary = u"Not applicable because "_s + reason + u'.';
    return finding;
}

void fillNotDone(MethodResult &result, const Manifest &manifest)
{
    // A viewer never claims, not even this; its reason is in the result all the same.
    if (result.state == RunState::NotApplicable && manifest.kind == PluginKind::Detector &&
        !manifest.viewerOnly) {
        result.result.findings = {notApplicableFinding(manifest, result.reason)};
    }
}

/// The clip without what the manifest does not ask for.
ClipFacts clipFor(const PlannedMethod &planned, const ClipFacts &clip)
{
    ClipFacts seen = clip;
    if (!planned.needs(capability::kCredentials))
        seen.credentials.reset();
    if (!clip.jpeg || planned.needs(capability::kJpeg))
        return seen;
    if (!planned.needs(capability::kMetadata)) {
        seen.jpeg.reset();
        return seen;
    }
    JpegFile plain = *clip.jpeg; // coefficients are shared, not copied
    for (JpegComponent &component : plain.components)
        component.coefficients.release();
    seen.jpeg = std::make_shared<const JpegFile>(std::move(plain));
    return seen;
}

RunState runState(State state)
{
    switch (state) {
    case State::Done:
    case State::Cached:
        return RunState::Done;
    case State::NotApplicable:
        return RunState::NotApplicable;
    case State::Cancelled:
        return RunState::Cancelled;
    case State::Waiting:
    case State::Running:
    case State::Failed:
        break;
    }
    return RunState::Failed;
}

} // namespace

MethodResult resultOfNotRun(const PlannedMethod &planned, RunRecord record)
{
    MethodResult result;
    result.record = std::move(record);
    result.state = planned.notRun->state;
    result.reason = planned.notRun->reason;
    fillNotDone(result, planned.entry.manifest);
    return result;
}

LiveMethod::LiveMethod(PluginRegistry &registry, const PlannedMethod &planned,
                       std::size_t planPosition, RunRecord record, JobContext job,
                       FrameChoice choice)
    : m_registry(registry)
    , m_planned(planned)
    , m_planPosition(planPosition)
    , m_record(std::move(record))
    , m_job(std::move(job))
    , m_choice(std::move(choice))
{
}

/// Runs a call into the plugin, caught and on the clock.
template <class Call> auto LiveMethod::timed(Call &&call)
{
    const auto start = std::chrono::steady_clock::now();
    auto result = guarded(manifest().id, std::forward<Call>(call));
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    m_record.wallSeconds += spent.count();
    return result;
}

void LiveMethod::begin(const ClipFacts &clip)
{
    m_record.started = QDateTime::currentDateTimeUtc();
    m_state.store(State::Running, std::memory_order_release);
    const ClipFacts seen = clipFor(m_planned, clip);
    const Result<void> begun = timed([&]() -> Result<void> {
        if (m_planned.isObserver()) {
            auto made = m_registry.createObserver(manifest().id);
            if (!made)
                return Failure{made.error()};
            m_observer = std::move(made).value();
            return m_observer->begin(seen, m_job);
        }
        auto made = m_registry.createDetector(manifest().id);
        if (!made)
            return Failure{made.error()};
        m_detector = std::move(made).value();
        return m_detector->begin(seen, m_job);
    });
    if (!begun)
        end(begun.error(), 0);
}

void LiveMethod::observe(const FrameBundle &bundle, Observations *added)
{
    if (!running() || !observersHold(bundle.index))
        return;
    const Result<void> done = timed([&] { return m_observer->frame(bundle, *added); });
    m_framesDone.fetch_add(1, std::memory_order_relaxed);
    if (!done) {
        *added = {}; // half a measurement is none
        end(done.error(), bundle.index);
    }
}

void LiveMethod::detect(const FrameBundle &bundle)
{
    if (!running() || !observersHold(bundle.index))
        return;
    watchFaces(bundle.observed);
    const Result<void> done = timed([&] { return m_detector->frame(bundle); });
    m_framesDone.fetch_add(1, std::memory_order_relaxed);
    if (!done)
        end(done.error(), bundle.index);
}

void LiveMethod::finish(const Ledger &ledger)
{
    if (!running() || !observersHold(std::numeric_limits<FrameIndex>::max()))
        return;
    if (const auto faces = checkFaces(); !faces) {
        end(faces.error(), ledger.count());
        return;
    }
    Result<AnalysisResult> finished = timed([&]() -> Result<AnalysisResult> {
        if (!m_planned.isObserver())
            return m_detector->finish(ledger);
        auto measured = m_observer->finish(ledger);
        if (!measured)
            return Failure{measured.error()};
        return AnalysisResult{{}, std::move(measured).value()};
    });
    if (!finished) {
        end(finished.error(), ledger.count());
        return;
    }
    if (const auto fault = contractFault(manifest(), *finished, ledger.count())) {
        end(State::Failed, u"the plugin broke its contract: "_s + *fault, ledger.count());
        return;
    }
    m_result = std::move(finished).value();
    m_record.frames = {0, ledger.count()};
    m_state.store(State::Done, std::memory_order_release);
}

bool LiveMethod::running() const
{
    return m_state.load(std::memory_order_acquire) == State::Running;
}

bool LiveMethod::ended() const
{
    const State state = m_state.load(std::memory_order_acquire);
    return state != State::Waiting && state != State::Running;
}

/// What an observer that ended early has measured before still counts for earlier frames; asking
/// frame by frame makes the outcome independent of how far the strands are apart.
bool LiveMethod::observersHold(FrameIndex upTo)
{
    for (const LiveMethod *observer : m_observers) {
        const State state = observer->m_state.load(std::memory_order_acquire);
        if (state == State::Running || state == State::Done || state == State::Waiting)
            continue;
        const FrameIndex endedAt = observer->m_endedAt.load(std::memory_order_acquire);
        if (upTo < endedAt)
            continue;
        end(state == State::Cancelled ? State::Cancelled : State::NotApplicable,
            u"it needs '%1', which gave nothing: %2"_s.arg(observer->manifest().name,
                                                           observer->m_reason),
            endedAt);
        return false;
    }
    return true;
}

void LiveMethod::watchFaces(const Observations &observed)
{
    if (!observed.faces)
        return;
    ++m_framesWithFaceSearch;
    for (const FaceObservation &face : *observed.faces)
        m_widestFace = std::max(m_widestFace, face.box.width);
}

Result<void> LiveMethod::checkFaces() const
{
    const int least = manifest().minFacePixels;
    if (least <= 0 || m_planned.isObserver() || m_widestFace >= float(least))
        return {};
    if (m_framesWithFaceSearch == 0)
        return fail(Errc::NotApplicable, u"faces were searched in none of its frames"_s);
    if (m_widestFace <= 0) {
        return fail(Errc::NotApplicable,
                    u"no face was found in any of the %1 frames"_s.arg(m_framesWithFaceSearch));
    }
    return fail(Errc::NotApplicable, u"the largest face is %1 px wide; the method needs %2 px"_s
                                         .arg(int(std::floor(m_widestFace)))
                                         .arg(least));
}

void LiveMethod::end(const Error &error, FrameIndex at)
{
    if (error.code == Errc::NotApplicable) {
        end(State::NotApplicable, error.what, at);
    } else if (error.code == Errc::Cancelled && m_job.stop.stop_requested()) {
        end(State::Cancelled, u"stopped"_s, at);
    } else {
        const QString what =
            error.where.isEmpty() || error.where == manifest().id ? error.what : error.text();
        end(State::Failed, what, at);
    }
}

void LiveMethod::end(State state, const QString &reason, FrameIndex at)
{
    m_reason = reason;
    m_record.frames = {0, at};
    m_observer.reset();
    m_detector.reset();
    m_endedAt.store(at, std::memory_order_release);
    m_state.store(state, std::memory_order_release);
}

MethodProgress LiveMethod::progress() const
{
    MethodProgress progress;
    progress.pluginId = manifest().id;
    progress.state = m_state.load(std::memory_order_acquire);
    progress.framesDone = m_framesDone.load(std::memory_order_relaxed);
    progress.framesTotal = std::max(m_choice.expected(), progress.framesDone);
    return progress;
}

MethodResult LiveMethod::takeResult()
{
    MethodResult result;
    result.record = m_record;
    result.state = runState(m_state.load(std::memory_order_acquire));
    result.reason = m_reason;
    result.result = std::move(m_result);
    fillNotDone(result, manifest());
    return result;
}

} // namespace fw
