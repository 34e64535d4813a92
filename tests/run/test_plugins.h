// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/serialize.h"
#include "run/engine.h"
#include "test_data.h"

#include <QJsonDocument>

#include <functional>

namespace fw::test {

/// A plugin made of functions; what is not set does nothing.
struct Behaviour
{
    std::function<Result<void>(const ClipFacts &, const JobContext &)> begin;
    std::function<Result<void>(const FrameBundle &)> frame;
    std::function<Result<void>(const FrameBundle &, Observations &)> observe;
    std::function<Result<AnalysisResult>(const Ledger &)> finish;
    bool makesNothing = false; ///< the factory returns nullptr
};

class FunctionDetector final : public Detector
{
public:
    explicit FunctionDetector(Behaviour b)
        : m_b(std::move(b))
    {
    }
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override
    {
        return m_b.begin ? m_b.begin(clip, job) : Result<void>();
    }
    Result<void> frame(const FrameBundle &bundle) override
    {
        return m_b.frame ? m_b.frame(bundle) : Result<void>();
    }
    Result<AnalysisResult> finish(const Ledger &ledger) override
    {
        return m_b.finish ? m_b.finish(ledger) : Result(AnalysisResult());
    }

private:
    Behaviour m_b;
};

class FunctionObserver final : public Observer
{
public:
    explicit FunctionObserver(Behaviour b)
        : m_b(std::move(b))
    {
    }
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override
    {
        return m_b.begin ? m_b.begin(clip, job) : Result<void>();
    }
    Result<void> frame(const FrameBundle &bundle, Observations &add) override
    {
        return m_b.observe ? m_b.observe(bundle, add) : Result<void>();
    }
    Result<Measurements> finish(const Ledger &ledger) override
    {
        if (!m_b.finish)
            return Measurements();
        auto result = m_b.finish(ledger);
        if (!result)
            return Failure{result.error()};
        return std::move(result->measured);
    }

private:
    Behaviour m_b;
};

class FunctionFactory final : public PluginFactory
{
public:
    explicit FunctionFactory(Behaviour b)
        : m_b(std::move(b))
    {
    }
    std::unique_ptr<Observer> createObserver() override
    {
        return m_b.makesNothing ? nullptr : std::make_unique<FunctionObserver>(m_b);
    }
    std::unique_ptr<Detector> createDetector() override
    {
        return m_b.makesNothing ? nullptr : std::make_unique<FunctionDetector>(m_b);
    }

private:
    Behaviour m_b;
};

inline Manifest manifest(const QString &id, PluginKind kind = PluginKind::Detector)
{
    Manifest m;
    m.id = id;
    m.name = id;
    m.version = QStringLiteral("1.0.0");
    m.kind = kind;
    m.family = QStringLiteral("test");
    return m;
}

inline void add(PluginRegistry &registry, Manifest m, Behaviour behaviour)
{
    PluginEntry entry;
    entry.manifest = std::move(m);
    registry.add(std::move(entry), std::make_shared<FunctionFactory>(std::move(behaviour)));
}

/// An observer that finds in frame i one face of track 0, `width(i)` px wide (0: no face).
inline Behaviour facesOfWidth(std::function<float(FrameIndex)> width)
{
    Behaviour b;
    b.observe = [width](const FrameBundle &bundle, Observations &more) -> Result<void> {
        more.faces = FaceObservations();
        if (const float w = width(bundle.index); w > 0) {
            FaceObservation face;
            face.box = {float(bundle.index), 10, w, w};
            more.faces->push_back(face);
        }
        return {};
    };
    return b;
}

inline Manifest faceObserver(const QString &id = QStringLiteral("test.faces"))
{
    Manifest m = manifest(id, PluginKind::Observer);
    m.gives = {QStringLiteral("face.track")};
    return m;
}

/// A detector whose result tells every frame that it saw: one trace of the mean brightness, or of
/// the face's place when it needs faces.
inline Behaviour traceOfWhatItSaw()
{
    auto trace = std::make_shared<Trace>();
    Behaviour b;
    b.begin = [trace](const ClipFacts &, const JobContext &) -> Result<void> {
        *trace = {};
        trace->id = QStringLiteral("seen");
        return {};
    };
    b.frame = [trace](const FrameBundle &bundle) -> Result<void> {
        trace->frames.push_back(bundle.index);
        double value = bundle.frame ? cv::sum(bundle.frame->bgr)[1] : -1.0;
        if (bundle.observed.faces && !bundle.observed.faces->empty())
            value += double(bundle.observed.faces->front().box.x);
        trace->values.push_back(value);
        return {};
    };
    b.finish = [trace](const Ledger &) -> Result<AnalysisResult> {
        AnalysisResult result;
        result.measured.traces.push_back(*trace);
        return result;
    };
    return b;
}

/// Remembers everything that it was told.
struct Recorder : RunListener
{
    void progressed(const RunProgress &p) override { progress.push_back(p); }
    void factsKnown(const MediaFacts &f) override { facts = f; }
    void facesObserved(FrameIndex i, const FaceObservations &) override { faces.push_back(i); }
    void methodFinished(const MethodResult &r) override { finished.push_back(r); }

    std::vector<RunProgress> progress;
    MediaFacts facts;
    std::vector<FrameIndex> faces;
    std::vector<MethodResult> finished;
};

/// What the case file does, in memory.
struct MemoryCache : ResultCache
{
    std::optional<MethodResult> find(const QString &key) override
    {
        const auto it = results.find(key);
        return it == results.end() ? std::nullopt : std::optional(it->second);
    }
    std::optional<ObservationLog> findObservations(const QString &key) override
    {
        const auto it = logs.find(key);
        return it == logs.end() ? std::nullopt : std::optional(it->second);
    }
    std::optional<Ledger> findLedger(const QString &) override { return ledger; }

    void keep(const RunOutcome &outcome)
    {
        ledger = outcome.ledger;
        for (const MethodResult &r : outcome.results)
            results[r.record.cacheKey()] = r;
        for (const auto &[id, key] : outcome.observationKeys)
            logs[key] = outcome.observations;
    }

    std::map<QString, MethodResult> results;
    std::map<QString, ObservationLog> logs;
    std::optional<Ledger> ledger;
};

inline RunRequest request(const QString &path, const QStringList &ids, int threads = 2)
{
    RunRequest r;
    r.path = path;
    for (const QString &id : ids)
        r.methods.push_back({id, {}});
    r.threads = threads;
    return r;
}

/// For runs that have to succeed; a failure ends the test and gives an empty outcome.
inline RunOutcome mustRun(PluginRegistry &registry, const RunRequest &request, ResultCache *cache,
                          RunListener &listener)
{
    auto outcome = runAnalyses(registry, request, cache, listener, {});
    if (!outcome) {
        QTest::qFail(qPrintable(outcome.error().text()), __FILE__, __LINE__);
        return {};
    }
    return std::move(outcome).value();
}

inline const MethodResult *resultOf(const RunOutcome &outcome, const QString &id)
{
    for (const MethodResult &r : outcome.results) {
        if (r.record.pluginId == id)
            return &r;
    }
    return nullptr;
}

inline std::vector<FrameIndex> framesSeen(const RunOutcome &outcome, const QString &id)
{
    const MethodResult *r = resultOf(outcome, id);
    return r && !r->result.measured.traces.empty() ? r->result.measured.traces.front().frames
                                                   : std::vector<FrameIndex>();
}

/// Everything but times, as bytes.
inline QByteArray bytesOf(const RunOutcome &outcome)
{
    QByteArray bytes = toBytes(outcome.ledger) + toBytes(outcome.observations);
    for (const MethodResult &r : outcome.results)
        bytes += QJsonDocument(toJson(r, false)).toJson() + toBytes(r.result);
    return bytes;
}

/// A clip with moving content, a key frame every 25 frames and B-frames.
inline QString makeClip(const QString &path, int frames,
                        const QString &size = QStringLiteral("160x120"))
{
    return ffmpeg({QStringLiteral("-f"), QStringLiteral("lavfi"), QStringLiteral("-i"),
                   QStringLiteral("testsrc2=size=%1:rate=25").arg(size),
                   QStringLiteral("-frames:v"), QString::number(frames), QStringLiteral("-c:v"),
                   QStringLiteral("libx264"), QStringLiteral("-g"), QStringLiteral("25"),
                   QStringLiteral("-bf"), QStringLiteral("2"), QStringLiteral("-pix_fmt"),
                   QStringLiteral("yuv420p"), path});
}

} // namespace fw::test
