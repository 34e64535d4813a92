// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_plugins.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <numeric>
#include <thread>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

constexpr int kFrames = 60;

std::vector<FrameIndex> allFrames(int count)
{
    std::vector<FrameIndex> frames(static_cast<std::size_t>(count));
    std::iota(frames.begin(), frames.end(), 0);
    return frames;
}

} // namespace

class TestEngine : public QObject
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
    void everyFrameComesOnceAndInOrder();
    void samplingIsKeptOnRealFrames();
    void aMethodSeesWhatItsManifestNamesAndNothingElse();
    void theClipIsDescribedBeforeTheFirstFrame();
    void observationsReachOnlyThoseWhoNeedThem();
    void oneThreadAndFourGiveTheSameBytes();
    void manyMethodsShareOneDecode();
    void pixelsAreMadeOnlyForFramesThatSomebodyWants();
    void facesThatAreTooSmallMakeAMethodNotApplicable_data();
    void facesThatAreTooSmallMakeAMethodNotApplicable();
    void theRecordTellsWhatWasUsed();
    void progressIsToldAndNotTooOften();
    void aStillPictureIsOneFrame();

private:
    RunOutcome run(const QStringList &ids, int threads = 2)
    {
        return mustRun(*m_registry, request(m_clip, ids, threads), nullptr, m_recorder);
    }

    QTemporaryDir m_folder;
    QString m_clip;
    std::unique_ptr<PluginRegistry> m_registry;
    Recorder m_recorder;
};

void TestEngine::everyFrameComesOnceAndInOrder()
{
    add(*m_registry, manifest(u"t.d"_s), traceOfWhatItSaw());
    const RunOutcome outcome = run({u"t.d"_s});
    QCOMPARE(framesSeen(outcome, u"t.d"_s), allFrames(kFrames));
    QCOMPARE(outcome.ledger.count(), kFrames);
    QVERIFY2(outcome.ledger.complete, qPrintable(outcome.ledger.endReason));
    QCOMPARE(outcome.picturesDecoded, kFrames);
    QCOMPARE(resultOf(outcome, u"t.d"_s)->record.frames, (FrameRange{0, kFrames}));
}

void TestEngine::samplingIsKeptOnRealFrames()
{
    using Mode = Sampling::Mode;
    const auto sampled = [this](const QString &id, Mode mode, int n) {
        Manifest m = manifest(id);
        m.sampling = {mode, n};
        add(*m_registry, m, traceOfWhatItSaw());
    };
    sampled(u"t.nth"_s, Mode::EveryNth, 20);
    sampled(u"t.spread"_s, Mode::Spread, 3);
    sampled(u"t.key"_s, Mode::KeyFrames, 1);
    sampled(u"t.none"_s, Mode::None, 1);
    const RunOutcome outcome = run({u"t.nth"_s, u"t.spread"_s, u"t.key"_s, u"t.none"_s});
    using Frames = std::vector<FrameIndex>;
    QCOMPARE(framesSeen(outcome, u"t.nth"_s), (Frames{0, 20, 40}));
    QCOMPARE(framesSeen(outcome, u"t.spread"_s), (Frames{10, 30, 50}));
    QCOMPARE(framesSeen(outcome, u"t.key"_s), (Frames{0, 25, 50})); // as encoded
    QCOMPARE(framesSeen(outcome, u"t.none"_s), Frames());
    QCOMPARE(resultOf(outcome, u"t.none"_s)->state, RunState::Done);
}

void TestEngine::aMethodSeesWhatItsManifestNamesAndNothingElse()
{
    struct Seen
    {
        std::atomic<int> pixels{0}, coding{0}, frames{0};
    };
    const auto seen = std::make_shared<std::map<QString, Seen>>();
    const auto method = [&](const QString &id, Planes planes, const QStringList &needs) {
        Manifest m = manifest(id);
        m.planes = planes;
        m.needs = needs;
        Behaviour b;
        b.frame = [seen, id](const FrameBundle &bundle) -> Result<void> {
            Seen &s = seen->at(id);
            ++s.frames;
            s.pixels += bundle.frame != nullptr;
            s.coding += bundle.coding != nullptr;
            return {};
        };
        (*seen)[id];
        add(*m_registry, m, b);
    };
    method(u"t.pixels"_s, Planes::Bgr, {});
    method(u"t.coding"_s, Planes::None, {u"coding.trace"_s});
    run({u"t.pixels"_s, u"t.coding"_s});
    QCOMPARE(seen->at(u"t.pixels"_s).pixels.load(), kFrames);
    QCOMPARE(seen->at(u"t.pixels"_s).coding.load(), 0);
    QCOMPARE(seen->at(u"t.coding"_s).pixels.load(), 0);
    QCOMPARE(seen->at(u"t.coding"_s).coding.load(), kFrames);
}

void TestEngine::theClipIsDescribedBeforeTheFirstFrame()
{
    const auto clip = std::make_shared<ClipFacts>();
    Behaviour b;
    b.begin = [clip](const ClipFacts &facts, const JobContext &) -> Result<void> {
        *clip = facts;
        return {};
    };
    add(*m_registry, manifest(u"t.d"_s), b);
    run({u"t.d"_s});
    QCOMPARE(clip->width, 160);
    QCOMPARE(clip->height, 120);
    QCOMPARE(clip->nominalRate, 25.0);
    QCOMPARE(clip->frameCount, kFrames);
    QVERIFY(std::abs(clip->durationSeconds - kFrames / 25.0) < 0.001);
    QVERIFY(clip->metadata);
    QVERIFY(!clip->jpeg);
    QVERIFY(clip->media.hashed);
    QCOMPARE(m_recorder.facts.sha256Text(), clip->media.sha256Text());
}

void TestEngine::observationsReachOnlyThoseWhoNeedThem()
{
    add(*m_registry, faceObserver(), facesOfWidth([](FrameIndex) { return 40.0f; }));
    const auto counts = std::make_shared<std::map<QString, int>>();
    for (const QString &id : {u"t.with"_s, u"t.without"_s}) {
        Manifest m = manifest(id);
        if (id == u"t.with"_s)
            m.needs = {u"face.track"_s};
        (*counts)[id] = 0;
        Behaviour b;
        b.frame = [counts, id](const FrameBundle &bundle) -> Result<void> {
            if (bundle.observed.faces && bundle.observed.faces->front().box.x == bundle.index)
                ++counts->at(id);
            return {};
        };
        add(*m_registry, m, b);
    }
    const RunOutcome outcome = run({u"t.with"_s, u"t.without"_s});
    QCOMPARE(counts->at(u"t.with"_s), kFrames);
    QCOMPARE(counts->at(u"t.without"_s), 0);
    QCOMPARE(outcome.results.front().record.pluginId, u"test.faces"_s); // added by the plan
    QCOMPARE(m_recorder.faces, allFrames(kFrames));
    QVERIFY(outcome.observations.facesAt(kFrames - 1));
    QCOMPARE(resultOf(outcome, u"t.with"_s)->record.inputs,
             (std::map<QString, QString>{{u"test.faces"_s, u"1.0.0"_s}}));
    QVERIFY(resultOf(outcome, u"t.without"_s)->record.inputs.empty());
}

void TestEngine::oneThreadAndFourGiveTheSameBytes()
{
    add(*m_registry, faceObserver(), facesOfWidth([](FrameIndex i) { return float(i % 7); }));
    QStringList ids;
    for (int i = 0; i < 6; ++i) {
        Manifest m = manifest(u"t.d%1"_s.arg(i));
        if (i % 2)
            m.needs = {u"face.track"_s};
        m.sampling = {Sampling::Mode::EveryNth, 1 + i};
        add(*m_registry, m, traceOfWhatItSaw());
        ids << m.id;
    }
    Behaviour breaks; // fails at frame 20, so that those who need it end there as well
    breaks.observe = [](const FrameBundle &bundle, Observations &) -> Result<void> {
        return bundle.index == 20 ? fail(Errc::BadData, u"torn"_s) : Result<void>();
    };
    Manifest breaker = manifest(u"t.breaks"_s, PluginKind::Observer);
    breaker.gives = {u"face.ear"_s};
    add(*m_registry, breaker, breaks);
    Manifest victim = manifest(u"t.victim"_s);
    victim.needs = {u"face.ear"_s};
    add(*m_registry, victim, traceOfWhatItSaw());
    ids << victim.id;
    const QByteArray one = bytesOf(run(ids, 1));
    for (int repeat = 0; repeat < 3; ++repeat)
        QCOMPARE(bytesOf(run(ids, 4)), one);
}

void TestEngine::manyMethodsShareOneDecode()
{
    QStringList ids;
    for (int i = 0; i < 12; ++i) {
        ids << u"t.d%1"_s.arg(i);
        add(*m_registry, manifest(ids.back()), traceOfWhatItSaw());
    }
    const std::int64_t before = VideoReader::picturesDecoded();
    QCOMPARE(run(ids).picturesDecoded, kFrames);
    QCOMPARE(VideoReader::picturesDecoded() - before, kFrames);
}

void TestEngine::pixelsAreMadeOnlyForFramesThatSomebodyWants()
{
    Manifest sparse = manifest(u"t.sparse"_s);
    sparse.sampling = {Sampling::Mode::EveryNth, 30};
    add(*m_registry, sparse, traceOfWhatItSaw());
    // A method without pixels in its manifest that looks at all frames proves nothing of the
    // others, so this one asks for every frame, without pixels, and counts none.
    Manifest all = manifest(u"t.all"_s);
    all.planes = Planes::None;
    add(*m_registry, all, traceOfWhatItSaw());
    const RunOutcome outcome = run({u"t.sparse"_s, u"t.all"_s});
    const Trace &seen = resultOf(outcome, u"t.sparse"_s)->result.measured.traces.front();
    QCOMPARE(seen.frames, (std::vector<FrameIndex>{0, 30}));
    for (const double brightness : seen.values)
        QVERIFY(brightness > 0);
    for (const double brightness : resultOf(outcome, u"t.all"_s)->result.measured.traces[0].values)
        QCOMPARE(brightness, -1.0);
}

void TestEngine::facesThatAreTooSmallMakeAMethodNotApplicable_data()
{
    QTest::addColumn<float>("width");
    QTest::addColumn<RunState>("state");
    QTest::addColumn<QString>("said");
    QTest::newRow("wide") << 64.0f << RunState::Done << QString();
    QTest::newRow("narrow") << 31.6f << RunState::NotApplicable
                            << u"the largest face is 31 px wide; the method needs 64 px"_s;
    QTest::newRow("none") << 0.0f << RunState::NotApplicable
                          << u"no face was found in any of the 60 frames"_s;
}

void TestEngine::facesThatAreTooSmallMakeAMethodNotApplicable()
{
    QFETCH(float, width);
    QFETCH(RunState, state);
    QFETCH(QString, said);
    add(*m_registry, faceObserver(),
        facesOfWidth([width](FrameIndex i) { return i == 7 ? width : width / 2; }));
    Manifest m = manifest(u"t.d"_s);
    m.needs = {u"face.track"_s};
    m.minFacePixels = 64;
    add(*m_registry, m, traceOfWhatItSaw());
    const RunOutcome outcome = run({u"t.d"_s});
    const MethodResult &result = *resultOf(outcome, u"t.d"_s);
    QCOMPARE(result.state, state);
    QCOMPARE(result.reason, said);
    if (state != RunState::NotApplicable)
        return;
    QCOMPARE(result.result.findings.size(), 1u);
    QCOMPARE(result.result.findings[0].verdict, Verdict::NotApplicable);
    QVERIFY(result.result.findings[0].summary.contains(said));
    QCOMPARE(resultOf(outcome, u"test.faces"_s)->state, RunState::Done);
}

void TestEngine::theRecordTellsWhatWasUsed()
{
    Manifest m = manifest(u"t.d"_s);
    m.version = u"2.1.0"_s;
    OptionSpec option;
    option.name = u"depth"_s;
    option.fallback = 3;
    m.options = {option};
    const auto seeds = std::make_shared<std::vector<quint64>>();
    Behaviour b;
    b.begin = [seeds](const ClipFacts &, const JobContext &job) -> Result<void> {
        seeds->push_back(job.seed);
        return job.number(u"depth"_s) == 3 ? Result<void>() : fail(Errc::BadData, u"depth"_s);
    };
    add(*m_registry, m, b);
    const RunOutcome outcome = run({u"t.d"_s});
    run({u"t.d"_s});
    const RunRecord &record = resultOf(outcome, u"t.d"_s)->record;
    QCOMPARE(record.pluginVersion, u"2.1.0"_s);
    QCOMPARE(record.options, (QJsonObject{{u"depth"_s, 3}}));
    QCOMPARE(record.mediaSha256, hexText(hashFile(m_clip)->sha256));
    QVERIFY(!record.programVersion.isEmpty());
    for (const QString &library : {u"FFmpeg"_s, u"OpenCV"_s, u"OpenSSL"_s, u"Qt"_s, u"dlib"_s})
        QVERIFY2(!record.libraries.at(library).isEmpty(), qPrintable(library));
    QVERIFY(record.started.isValid());
    QCOMPARE(seeds->size(), 2u);
    QCOMPARE(seeds->at(0), seeds->at(1)); // the same evidence and method: the same seed
    QCOMPARE(record.seed, seeds->at(0));
}

void TestEngine::progressIsToldAndNotTooOften()
{
    Behaviour slow;
    slow.frame = [](const FrameBundle &) -> Result<void> {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return {};
    };
    add(*m_registry, manifest(u"t.slow"_s), slow);
    Recorder recorder;
    const auto outcome =
        runAnalyses(*m_registry, request(m_clip, {u"t.slow"_s}), nullptr, recorder, {});
    QVERIFY(outcome);
    QVERIFY(recorder.progress.size() >= 3);
    QVERIFY(double(recorder.progress.size()) <= 20.0 * outcome->wallSeconds + 2);
    const RunProgress &last = recorder.progress.back();
    QCOMPARE(last.framesDecoded, kFrames);
    QCOMPARE(last.framesTotal, kFrames);
    QCOMPARE(last.methods.size(), 1u);
    QCOMPARE(last.methods[0].framesDone, kFrames);
    QCOMPARE(last.methods[0].state, MethodProgress::State::Done);
    bool told = false;
    for (const RunProgress &p : recorder.progress)
        told = told || (p.secondsLeft && *p.secondsLeft > 0 && p.framesPerSecond > 0);
    QVERIFY(told);
    QCOMPARE(recorder.finished.size(), 1u);
}

void TestEngine::aStillPictureIsOneFrame()
{
    const QString still = m_folder.filePath(u"still.jpg"_s);
    QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=96x64"_s, u"-frames:v"_s, u"1"_s,
                     still}),
             QString());
    Manifest m = manifest(u"t.jpeg"_s);
    m.needs = {u"media.jpeg"_s};
    const auto width = std::make_shared<int>(0);
    Behaviour b = traceOfWhatItSaw();
    b.begin = [width, begin = b.begin](const ClipFacts &clip, const JobContext &job) {
        *width = clip.jpeg ? clip.jpeg->width : -1;
        return begin(clip, job);
    };
    add(*m_registry, m, b);
    Manifest video = manifest(u"t.video"_s);
    video.onStills = false;
    add(*m_registry, video, {});
    Recorder recorder;
    const auto outcome = runAnalyses(*m_registry, request(still, {u"t.jpeg"_s, u"t.video"_s}),
                                     nullptr, recorder, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));
    QCOMPARE(framesSeen(*outcome, u"t.jpeg"_s), allFrames(1));
    QCOMPARE(*width, 96);
    QVERIFY2(outcome->ledger.complete, qPrintable(outcome->ledger.endReason));
    QCOMPARE(resultOf(*outcome, u"t.video"_s)->state, RunState::NotApplicable);

    // The same method on a video has no JPEG to read.
    const RunOutcome onVideo = run({u"t.jpeg"_s});
    QCOMPARE(onVideo.results[0].state, RunState::NotApplicable);
    QVERIFY(onVideo.results[0].reason.contains(u"JPEG"_s));
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
