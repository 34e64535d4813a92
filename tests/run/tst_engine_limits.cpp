// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_plugins.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

constexpr int kFrames = 60;

/// A file that cannot be read from byte N on, like a disk with a bad sector.
class FailingSource final : public ByteSource
{
public:
    FailingSource(std::unique_ptr<ByteSource> file, qint64 limit)
        : m_file(std::move(file))
        , m_limit(limit)
    {
    }
    Result<qint64> read(char *to, qint64 atMost) override
    {
        if (m_position >= m_limit)
            return fail(Errc::Unreadable, u"input/output error"_s);
        const auto got = m_file->read(to, std::min(atMost, m_limit - m_position));
        if (got)
            m_position += *got;
        return got;
    }
    Result<void> seek(qint64 position) override
    {
        m_position = position;
        return m_file->seek(position);
    }
    qint64 size() const override { return m_file->size(); }

private:
    std::unique_ptr<ByteSource> m_file;
    const qint64 m_limit;
    qint64 m_position = 0;
};

Result<void> sleepFor(int ms)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    return {};
}

} // namespace

/// What a run does when it is stopped, when the file breaks off and when a method is slow.
class TestEngineLimits : public QObject
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
        add(*m_registry, manifest(u"t.good"_s), traceOfWhatItSaw());
    }
    void cancelReturnsWithinASecond();
    void cancelWhileAPluginLoopsReachesIt();
    void aSourceThatFailsGivesResultsAndAnIncompleteLedger();
    void damagedBytesGiveResultsAndAnIncompleteLedger();
    void unusableFilesAreErrors_data();
    void unusableFilesAreErrors();
    void aSlowPluginHoldsTheDecoderBack();

private:
    Result<RunOutcome> tryRun(const QStringList &ids, std::stop_token stop = {})
    {
        return runAnalyses(*m_registry, request(m_clip, ids), nullptr, m_recorder, std::move(stop));
    }
    RunOutcome run(const QStringList &ids)
    {
        return mustRun(*m_registry, request(m_clip, ids), nullptr, m_recorder);
    }
    void verifyTheOthersWentOn(const RunOutcome &outcome)
    {
        QCOMPARE(resultOf(outcome, u"t.good"_s)->state, RunState::Done);
        QCOMPARE(framesSeen(outcome, u"t.good"_s).size(), std::size_t(kFrames));
    }

    QTemporaryDir m_folder;
    QString m_clip;
    std::unique_ptr<PluginRegistry> m_registry;
    Recorder m_recorder;
};

void TestEngineLimits::cancelReturnsWithinASecond()
{
    Behaviour slow;
    slow.frame = [](const FrameBundle &) { return sleepFor(20); };
    add(*m_registry, manifest(u"t.slow"_s), slow);
    Behaviour slowFaces = facesOfWidth([](FrameIndex) { return 40.0f; });
    slowFaces.observe = [observe = slowFaces.observe](const FrameBundle &f, Observations &o) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return observe(f, o);
    };
    add(*m_registry, faceObserver(), slowFaces);
    Manifest needy = manifest(u"t.needy"_s);
    needy.needs = {u"face.track"_s};
    add(*m_registry, needy, traceOfWhatItSaw());
    QRandomGenerator random(7);
    for (int round = 0; round < 12; ++round) {
        std::stop_source stop;
        std::atomic<qint64> asked{0};
        QElapsedTimer timer;
        timer.start();
        std::jthread later([&, wait = random.bounded(150)] {
            std::this_thread::sleep_for(std::chrono::milliseconds(wait));
            asked = timer.elapsed();
            stop.request_stop();
        });
        const auto outcome = tryRun({u"t.slow"_s, u"t.needy"_s, u"t.good"_s}, stop.get_token());
        const qint64 took = timer.elapsed() - asked;
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, Errc::Cancelled);
        QVERIFY2(took < 1000, qPrintable(QString::number(took)));
    }
    verifyTheOthersWentOn(run({u"t.good"_s, u"t.needy"_s})); // nothing is left behind
}

void TestEngineLimits::cancelWhileAPluginLoopsReachesIt()
{
    Behaviour loop;
    const auto token = std::make_shared<std::stop_token>();
    loop.begin = [token](const ClipFacts &, const JobContext &job) -> Result<void> {
        *token = job.stop;
        return {};
    };
    loop.finish = [token](const Ledger &) -> Result<AnalysisResult> {
        while (!token->stop_requested())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return fail(Errc::Cancelled, u"stopped"_s);
    };
    add(*m_registry, manifest(u"t.loop"_s), loop);
    std::stop_source stop;
    m_recorder = {};
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        stop.request_stop();
    });
    const auto outcome = tryRun({u"t.loop"_s, u"t.good"_s}, stop.get_token());
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, Errc::Cancelled);
    QCOMPARE(m_recorder.finished.size(), 1u); // what was ready before was told
    QCOMPARE(m_recorder.finished[0].record.pluginId, u"t.good"_s);
}

void TestEngineLimits::aSourceThatFailsGivesResultsAndAnIncompleteLedger()
{
    // MPEG-TS has no table at its end, so the beginning can be read alone.
    const QString ts = m_folder.filePath(u"clip.ts"_s);
    QCOMPARE(ffmpeg({u"-i"_s, m_clip, u"-c"_s, u"copy"_s, ts}), QString());
    const qint64 limit = QFileInfo(ts).size() / 2;
    RunRequest r = request(ts, {u"t.good"_s});
    r.source = [limit](const QString &path) -> Result<std::unique_ptr<ByteSource>> {
        auto file = openFileSource(path);
        if (!file)
            return file;
        return std::unique_ptr<ByteSource>(
            std::make_unique<FailingSource>(std::move(file).value(), limit));
    };
    const auto outcome = runAnalyses(*m_registry, r, nullptr, m_recorder, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));
    QVERIFY(outcome->ledger.count() > 5 && outcome->ledger.count() < kFrames);
    QVERIFY(!outcome->ledger.complete);
    QVERIFY2(outcome->ledger.endReason.contains(u"input/output error"_s),
             qPrintable(outcome->ledger.endReason));
    QCOMPARE(resultOf(*outcome, u"t.good"_s)->state, RunState::Done);
    QCOMPARE(framesSeen(*outcome, u"t.good"_s).size(), outcome->ledger.entries.size());
}

void TestEngineLimits::damagedBytesGiveResultsAndAnIncompleteLedger()
{
    QFile file(m_clip);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray bytes = file.readAll();
    const qsizetype media = bytes.indexOf("mdat");
    QVERIFY(media > 0);
    for (qsizetype i = media + (bytes.size() - media) / 3, end = i + 4000; i < end; ++i)
        bytes[i] = char(0xff);
    const QString torn = m_folder.filePath(u"torn.mp4"_s);
    QFile out(torn);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(bytes);
    out.close();
    const auto outcome =
        runAnalyses(*m_registry, request(torn, {u"t.good"_s}), nullptr, m_recorder, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().text()));
    QVERIFY(!outcome->ledger.complete);
    QVERIFY(!outcome->ledger.endReason.isEmpty());
    QCOMPARE(resultOf(*outcome, u"t.good"_s)->state, RunState::Done);
    QCOMPARE(framesSeen(*outcome, u"t.good"_s).size(), outcome->ledger.entries.size());
}

void TestEngineLimits::unusableFilesAreErrors_data()
{
    QTest::addColumn<QString>("path");
    const QString text = m_folder.filePath(u"notes.txt"_s), sound = m_folder.filePath(u"a.wav"_s);
    QFile file(text);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("nothing to see");
    file.close();
    QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=duration=1"_s, sound}), QString());
    QTest::newRow("missing") << u"/nowhere/clip.mp4"_s;
    QTest::newRow("folder") << m_folder.path();
    QTest::newRow("text") << text;
    QTest::newRow("sound only") << sound;
}

void TestEngineLimits::unusableFilesAreErrors()
{
    QFETCH(QString, path);
    const auto outcome =
        runAnalyses(*m_registry, request(path, {u"t.good"_s}), nullptr, m_recorder, {});
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code != Errc::Internal && outcome.error().code != Errc::Plugin);
    QVERIFY2(outcome.error().text().contains(path), qPrintable(outcome.error().text()));
}

void TestEngineLimits::aSlowPluginHoldsTheDecoderBack()
{
    const std::int64_t before = VideoReader::picturesDecoded();
    const auto handled = std::make_shared<std::atomic<int>>(0);
    const auto furthest = std::make_shared<std::atomic<std::int64_t>>(0);
    Behaviour slow;
    slow.frame = [=](const FrameBundle &) -> Result<void> {
        std::this_thread::sleep_for(std::chrono::milliseconds(8));
        const std::int64_t ahead = VideoReader::picturesDecoded() - before - ++*handled;
        furthest->store(std::max(furthest->load(), ahead));
        return {};
    };
    add(*m_registry, manifest(u"t.slow"_s), slow);
    RunRequest r = request(m_clip, {u"t.slow"_s, u"t.good"_s}, 4);
    const std::size_t frameBytes = 160 * 120 * 3;
    r.inFlightBytes = 6 * (frameBytes + 4096);
    const auto outcome = runAnalyses(*m_registry, r, nullptr, m_recorder, {});
    QVERIFY(outcome);
    verifyTheOthersWentOn(*outcome);
    QVERIFY2(furthest->load() <= 6, qPrintable(QString::number(furthest->load())));
    QVERIFY(furthest->load() >= 2); // it was the bound that held it, not the decoder's own pace

    r.inFlightBytes = 1; // less than one frame: one at a time, and still to the end
    const auto tight = runAnalyses(*m_registry, r, nullptr, m_recorder, {});
    QVERIFY(tight);
    verifyTheOthersWentOn(*tight);
}

QTEST_GUILESS_MAIN(TestEngineLimits)
#include "tst_engine_limits.moc"
