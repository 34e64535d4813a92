// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_plugins.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

constexpr int kFrames = 60;

} // namespace

class TestEngineCache : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_clip = m_folder.filePath(u"clip.mp4"_s);
        QCOMPARE(makeClip(m_clip, kFrames), QString());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        m_registry = std::make_unique<PluginRegistry>();
    }
    void aSecondRunDecodesNothing();
    void cachedObservationsStandInForTheObserver();
    void otherOptionsAreAnotherResult();
    void aChosenFileIsHandedOverLikeAModel();
    void otherOptionsOfAnObserverAreOtherInputs();
    void observationsOfSeveralObserversAreNotStoredAsOne();
    void aMethodWithoutFramesStillGetsTheLedger();

private:
    RunOutcome run(const QStringList &ids, int threads = 2, ResultCache *cache = nullptr)
    {
        return mustRun(*m_registry, request(m_clip, ids, threads), cache, m_recorder);
    }

    QTemporaryDir m_folder;
    QString m_clip;
    std::unique_ptr<PluginRegistry> m_registry;
    Recorder m_recorder;
};

void TestEngineCache::aSecondRunDecodesNothing()
{
    add(*m_registry, faceObserver(), facesOfWidth([](FrameIndex) { return 50.0f; }));
    Manifest m = manifest(u"t.d"_s);
    m.needs = {u"face.track"_s};
    add(*m_registry, m, traceOfWhatItSaw());
    MemoryCache cache;
    const RunOutcome first = run({u"t.d"_s}, 2, &cache);
    cache.keep(first);
    const std::int64_t before = VideoReader::picturesDecoded();
    m_recorder = {};
    const RunOutcome second = run({u"t.d"_s}, 2, &cache);
    QCOMPARE(second.picturesDecoded, 0);
    QCOMPARE(VideoReader::picturesDecoded(), before);
    QCOMPARE(bytesOf(second), bytesOf(first));
    QCOMPARE(second.observationKeys, first.observationKeys);
    QCOMPARE(m_recorder.finished.size(), 2u);
    QVERIFY(!m_recorder.progress.empty());
    for (const MethodProgress &p : m_recorder.progress.back().methods)
        QCOMPARE(p.state, MethodProgress::State::Cached);
}

void TestEngineCache::cachedObservationsStandInForTheObserver()
{
    const auto calls = std::make_shared<std::atomic<int>>(0);
    Behaviour faces = facesOfWidth([](FrameIndex i) { return 50.0f + float(i); });
    faces.observe = [calls, observe = faces.observe](const FrameBundle &b, Observations &add) {
        ++*calls;
        return observe(b, add);
    };
    add(*m_registry, faceObserver(), faces);
    for (const QString &id : {u"t.old"_s, u"t.new"_s}) {
        Manifest m = manifest(id);
        m.needs = {u"face.track"_s};
        m.minFacePixels = 109; // reached in the last frame
        add(*m_registry, m, traceOfWhatItSaw());
    }
    const RunOutcome uncached = run({u"t.new"_s});
    calls->store(0);
    MemoryCache cache;
    cache.keep(run({u"t.old"_s}, 2, &cache));
    QCOMPARE(calls->load(), kFrames);
    const RunOutcome second = run({u"t.new"_s}, 2, &cache);
    QCOMPARE(calls->load(), kFrames);          // not asked again
    QCOMPARE(second.picturesDecoded, kFrames); // the new detector wants pixels
    QCOMPARE(bytesOf(second), bytesOf(uncached));
}

void TestEngineCache::otherOptionsAreAnotherResult()
{
    Manifest m = manifest(u"t.d"_s);
    OptionSpec option;
    option.name = u"depth"_s;
    option.fallback = 3;
    m.options = {option};
    add(*m_registry, m, traceOfWhatItSaw());
    MemoryCache cache;
    cache.keep(run({u"t.d"_s}, 2, &cache));
    RunRequest other = request(m_clip, {u"t.d"_s});
    other.methods[0].options = {{u"depth"_s, 4}};
    const auto second = runAnalyses(*m_registry, other, &cache, m_recorder, {});
    QVERIFY(second);
    QCOMPARE(second->picturesDecoded, kFrames);
    other.methods[0].options = {{u"depth"_s, u"much"_s}};
    const auto wrong = runAnalyses(*m_registry, other, &cache, m_recorder, {});
    QVERIFY(wrong);
    QCOMPARE(wrong->results[0].state, RunState::Failed);
    QVERIFY2(wrong->results[0].reason.contains(u"'depth'"_s), qPrintable(wrong->results[0].reason));
}

void TestEngineCache::aChosenFileIsHandedOverLikeAModel()
{
    Manifest m = manifest(u"t.d"_s);
    OptionSpec option;
    option.name = u"reference"_s;
    option.type = OptionSpec::Type::File;
    option.fallback = QString();
    m.options = {option};
    const auto seen = std::make_shared<QStringList>();
    Behaviour b;
    b.begin = [seen](const ClipFacts &, const JobContext &job) -> Result<void> {
        const auto path = job.modelPaths.find(u"reference"_s);
        seen->append(path == job.modelPaths.end() ? u"none"_s : path->second + u' ' + job.modelHashes.at(u"reference"_s));
        return {};
    };
    add(*m_registry, m, b);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"reference"_s);
    const auto write = [&](const QByteArray &bytes) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    };
    RunRequest with = request(m_clip, {u"t.d"_s});
    with.methods[0].options = {{u"reference"_s, path}};
    QVERIFY(runAnalyses(*m_registry, request(m_clip, {u"t.d"_s}), nullptr, m_recorder, {}));
    QVERIFY(write("one"));
    const auto one = runAnalyses(*m_registry, with, nullptr, m_recorder, {});
    QVERIFY(write("two"));
    const auto two = runAnalyses(*m_registry, with, nullptr, m_recorder, {});
    QVERIFY(one && two);
    QCOMPARE(seen->size(), 3);
    QCOMPARE(seen->at(0), u"none"_s);
    QCOMPARE(seen->at(2), path + u' ' + hexText(sha256("two")));
    // The record names the bytes, so another file under the same name is another result.
    const RunRecord &record = resultOf(*two, u"t.d"_s)->record;
    QCOMPARE(record.modelHashes.at(u"reference"_s), hexText(sha256("two")));
    QVERIFY(resultOf(*one, u"t.d"_s)->record.cacheKey() != record.cacheKey());
    QVERIFY(QFile::remove(path));
    const auto gone = runAnalyses(*m_registry, with, nullptr, m_recorder, {});
    QVERIFY(gone);
    QCOMPARE(gone->results[0].state, RunState::Failed);
    QVERIFY2(gone->results[0].reason.contains(u"reference"_s), qPrintable(gone->results[0].reason));
}

void TestEngineCache::otherOptionsOfAnObserverAreOtherInputs()
{
    Manifest faces = faceObserver();
    OptionSpec option;
    option.name = u"depth"_s;
    option.fallback = 3;
    faces.options = {option};
    add(*m_registry, faces, facesOfWidth([](FrameIndex) { return 50.0f; }));
    Manifest m = manifest(u"t.d"_s);
    m.needs = {u"face.track"_s};
    add(*m_registry, m, traceOfWhatItSaw());
    RunRequest plain = request(m_clip, {u"t.d"_s, u"test.faces"_s}), deep = plain;
    deep.methods[1].options = {{u"depth"_s, 9}};
    const auto one = runAnalyses(*m_registry, plain, nullptr, m_recorder, {});
    const auto two = runAnalyses(*m_registry, deep, nullptr, m_recorder, {});
    QVERIFY(one && two);
    QVERIFY(resultOf(*one, u"t.d"_s)->record.cacheKey() !=
            resultOf(*two, u"t.d"_s)->record.cacheKey());
}

void TestEngineCache::observationsOfSeveralObserversAreNotStoredAsOne()
{
    add(*m_registry, faceObserver(), facesOfWidth([](FrameIndex) { return 50.0f; }));
    Manifest pose = manifest(u"test.ear"_s, PluginKind::Observer);
    pose.needs = {u"face.track"_s};
    pose.gives = {u"face.ear"_s};
    Behaviour ear;
    ear.observe = [](const FrameBundle &bundle, Observations &add) -> Result<void> {
        if (!bundle.observed.faces) // what it builds on must be there
            return fail(Errc::BadData, u"no faces"_s);
        add.faces = *bundle.observed.faces;
        for (FaceObservation &face : *add.faces)
            face.earImageLeft = 0.25;
        return {};
    };
    add(*m_registry, pose, ear);
    Manifest m = manifest(u"t.d"_s);
    m.needs = {u"face.ear"_s};
    add(*m_registry, m, traceOfWhatItSaw());
    const RunOutcome outcome = run({u"t.d"_s});
    for (const MethodResult &r : outcome.results)
        QVERIFY2(r.state == RunState::Done, qPrintable(r.reason));
    const FaceObservations *faces = outcome.observations.facesAt(30);
    QVERIFY(faces && faces->size() == 1);
    QCOMPARE(faces->front().earImageLeft, std::optional(0.25));
    QVERIFY(outcome.observationKeys.empty());
    // Each of them can be stood in for by what it added itself.
    QCOMPARE(outcome.ownObservations.size(), 2u);
    const auto own = [&](const QString &id) {
        return outcome.ownObservations.at(resultOf(outcome, id)->record.cacheKey());
    };
    QVERIFY(!own(u"test.faces"_s).facesAt(30)->front().earImageLeft);
    QVERIFY(own(u"test.ear"_s).facesAt(30)->front().earImageLeft);
    QCOMPARE(resultOf(outcome, u"t.d"_s)->record.inputs.size(), 2u);
}

void TestEngineCache::aMethodWithoutFramesStillGetsTheLedger()
{
    Manifest m = manifest(u"t.none"_s);
    m.sampling.mode = Sampling::Mode::None;
    const auto count = std::make_shared<std::int64_t>(0);
    Behaviour b;
    b.finish = [count](const Ledger &ledger) -> Result<AnalysisResult> {
        *count = ledger.count();
        return AnalysisResult();
    };
    add(*m_registry, m, b);
    QCOMPARE(run({u"t.none"_s}).picturesDecoded, kFrames);
    QCOMPARE(*count, kFrames);
    MemoryCache cache; // with a known ledger it needs no decode at all
    cache.ledger = run({u"t.none"_s}).ledger;
    QCOMPARE(run({u"t.none"_s}, 2, &cache).picturesDecoded, 0);
    QCOMPARE(*count, kFrames);
}

QTEST_GUILESS_MAIN(TestEngineCache)
#include "tst_engine_cache.moc"
