// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/run_client.h"

#include "base/background.h"

#include <QPointer>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::chrono::milliseconds kBatchInterval{50};

struct Request
{
    RunRequest run;
    std::shared_ptr<ResultCache> cache;
};

} // namespace

/// Lives in the client's thread, except for Relay, which the worker calls.
struct RunClient::Impl
{
    class Relay;

    PluginRegistry &registry;
    RunClient *client;
    std::optional<Request> waiting; ///< starts when the present run has ended
    bool running = false;
    std::shared_ptr<PauseSwitch> pause; ///< of the present run
    std::jthread thread;

    void launch(Request request);
    void ended(const Result<RunOutcome> &outcome);
};

/// Turns the engine's calls into signals of the client's own thread. Faces come in batches, so that
/// a fast observer does not flood the event loop.
class RunClient::Impl::Relay final : public RunListener
{
public:
    explicit Relay(RunClient *client)
        : m_client(client)
    {
    }
    ~Relay() override { flush(); }

    void progressed(const RunProgress &progress) override
    {
        post([progress](RunClient *c) { Q_EMIT c->progressed(progress); });
        flush();
    }
    void factsKnown(const MediaFacts &facts) override
    {
        post([facts](RunClient *c) { Q_EMIT c->factsKnown(facts); });
    }
    void facesObserved(FrameIndex index, const FaceObservations &faces) override
    {
        if (m_runs.empty() ||
            m_runs.back().first + FrameIndex(m_runs.back().second.size()) != index)
            m_runs.push_back({index, {}});
        m_runs.back().second.push_back(faces);
        if (std::chrono::steady_clock::now() - m_flushed >= kBatchInterval)
            flush();
    }
    void methodFinished(const MethodResult &result) override
    {
        post([result](RunClient *c) { Q_EMIT c->methodFinished(result); });
    }

private:
    template <class Call> void post(Call &&call)
    {
        QMetaObject::invokeMethod(
            m_client, [c = m_client, f = std::forward<Call>(call)] { f(c); }, Qt::QueuedConnection);
    }
    void flush()
    {
        m_flushed = std::chrono::steady_clock::now();
        if (m_runs.empty())
            return;
        post([runs = std::exchange(m_runs, {})](RunClient *c) {
            for (const auto &[first, faces] : runs)
                Q_EMIT c->facesObserved(first, faces);
        });
    }

    RunClient *m_client; ///< waits for the worker before it is destroyed
    std::vector<std::pair<FrameIndex, std::vector<FaceObservations>>> m_runs; ///< without gaps
    std::chrono::steady_clock::time_point m_flushed{};
};

void RunClient::Impl::launch(Request request)
{
    running = true;
    pause = std::make_shared<PauseSwitch>();
    request.run.pause = pause;
    thread = std::jthread([this, request = std::move(request)](std::stop_token stop) {
        runInBackground();
        auto outcome = std::make_shared<std::optional<Result<RunOutcome>>>();
        {
            Relay relay(client);
            *outcome = runAnalyses(registry, request.run, request.cache.get(), relay, stop);
        }
        QMetaObject::invokeMethod(
            client, [this, outcome] { ended(**outcome); }, Qt::QueuedConnection);
    });
    Q_EMIT client->started();
}

void RunClient::Impl::ended(const Result<RunOutcome> &outcome)
{
    thread = {}; // its last act was to post this call
    running = false;
    const QPointer<RunClient> alive(client); // a slot may delete it
    if (outcome)
        Q_EMIT client->finished(*outcome);
    else
        Q_EMIT client->failed(outcome.error());
    if (alive && !running && waiting)
        launch(*std::exchange(waiting, std::nullopt));
}

RunClient::RunClient(PluginRegistry &registry, QObject *parent)
    : QObject(parent)
    , m_impl(new Impl{registry, this, std::nullopt, false, nullptr, {}})
{
}

RunClient::~RunClient()
{
    m_impl->thread = {}; // asks it to stop and waits
}

void RunClient::start(const RunRequest &request, std::shared_ptr<ResultCache> cache)
{
    Request next{request, std::move(cache)};
    if (!m_impl->running) {
        m_impl->launch(std::move(next));
        return;
    }
    m_impl->waiting = std::move(next);
    m_impl->thread.request_stop();
}

void RunClient::cancel()
{
    m_impl->waiting.reset();
    if (m_impl->running)
        m_impl->thread.request_stop();
}

void RunClient::setPaused(bool paused)
{
    if (m_impl->running)
        m_impl->pause->set(paused);
}

bool RunClient::isRunning() const
{
    return m_impl->running;
}

} // namespace fw
