// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/run_client.h"
#include "test_plugins.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <atomic>
#include <thread>

#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

class TestRunClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_clip = m_folder.filePath(u"clip.mp4"_s);
        QCOMPARE(makeClip(m_clip, 60), QString());
        add(m_registry, faceObserver(), facesOfWidth([](FrameIndex) { return 40.0f; }));
        Manifest sparse = faceObserver(u"test.sparse"_s);
        sparse.sampling = {Sampling::Mode::EveryNth, 20};
        add(m_registry, sparse, facesOfWidth([](FrameIndex) { return 40.0f; }));
        add(m_registry, manifest(u"t.good"_s), traceOfWhatItSaw());
        Behaviour slow;
        slow.frame = [](const FrameBundle &) -> Result<void> {
            std::this_thread::sleep_for(std::chrono::milliseconds(15));
            return {};
        };
        add(m_registry, manifest(u"t.slow"_s), slow);
    }
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void aRunIsFollowedBySignalsOfItsOwnThread();
    void facesThatWereNotSearchedAreNotToldAsNone();
    void startReturnsAtOnceAndCancelEndsTheRun();
    void aPausedRunWaitsAndGoesOn();
    void theRunGivesWayToTheInterface();
    void aSecondStartReplacesTheFirst();
    void destroyingTheClientEndsTheRun();

private:
    QTemporaryDir m_folder;
    QString m_clip;
    PluginRegistry m_registry;
};

void TestRunClient::aRunIsFollowedBySignalsOfItsOwnThread()
{
    RunClient client(m_registry);
    QSignalSpy started(&client, &RunClient::started), progressed(&client, &RunClient::progressed),
        facts(&client, &RunClient::factsKnown), methods(&client, &RunClient::methodFinished),
        finished(&client, &RunClient::finished), failed(&client, &RunClient::failed);
    std::vector<FrameIndex> faces;
    bool elsewhere = false;
    connect(&client, &RunClient::facesObserved, &client,
            [&](FrameIndex first, const std::vector<FaceObservations> &batch) {
                elsewhere = elsewhere || QThread::currentThread() != client.thread();
                for (std::size_t i = 0; i < batch.size(); ++i)
                    faces.push_back(first + FrameIndex(i));
            });
    client.start(request(m_clip, {u"t.good"_s, u"test.faces"_s}), nullptr);
    QVERIFY(client.isRunning());
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(!client.isRunning());
    QVERIFY(!elsewhere);
    QCOMPARE(started.size(), 1);
    QCOMPARE(facts.size(), 1);
    QCOMPARE(methods.size(), 2);
    QCOMPARE(failed.size(), 0);
    QVERIFY(progressed.size() >= 1);
    QCOMPARE(faces.size(), 60u);
    QVERIFY(std::is_sorted(faces.begin(), faces.end()));
    QCOMPARE(finished[0][0].value<RunOutcome>().ledger.count(), 60);
}

void TestRunClient::facesThatWereNotSearchedAreNotToldAsNone()
{
    RunClient client(m_registry);
    std::vector<FrameIndex> faces;
    connect(&client, &RunClient::facesObserved, &client,
            [&](FrameIndex first, const std::vector<FaceObservations> &batch) {
                for (std::size_t i = 0; i < batch.size(); ++i)
                    faces.push_back(first + FrameIndex(i));
            });
    QSignalSpy finished(&client, &RunClient::finished);
    client.start(request(m_clip, {u"test.sparse"_s}), nullptr);
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(faces, (std::vector<FrameIndex>{0, 20, 40}));
}

void TestRunClient::startReturnsAtOnceAndCancelEndsTheRun()
{
    RunClient client(m_registry);
    QSignalSpy failed(&client, &RunClient::failed), progressed(&client, &RunClient::progressed);
    QElapsedTimer timer;
    timer.start();
    client.start(request(m_clip, {u"t.slow"_s}), nullptr);
    QVERIFY(timer.elapsed() < 100);
    QTRY_VERIFY(progressed.size() > 2);
    timer.restart();
    client.cancel();
    QVERIFY(timer.elapsed() < 100);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 1000);
    QCOMPARE(failed[0][0].value<Error>().code, Errc::Cancelled);
    QVERIFY(!client.isRunning());
    client.cancel(); // nothing runs: nothing happens
}

void TestRunClient::aPausedRunWaitsAndGoesOn()
{
    RunClient client(m_registry);
    QSignalSpy finished(&client, &RunClient::finished), failed(&client, &RunClient::failed);
    RunProgress last;
    connect(&client, &RunClient::progressed, &client, [&](const RunProgress &p) { last = p; });
    client.setPaused(true); // nothing runs: nothing happens
    client.start(request(m_clip, {u"t.good"_s}), nullptr);
    client.setPaused(true); // the file is still being hashed
    QTRY_VERIFY(last.paused);
    const std::int64_t held = last.framesDecoded;
    QVERIFY(held < 60);
    QTest::qWait(200);
    QVERIFY(last.paused);
    QCOMPARE(last.framesDecoded, held);
    QCOMPARE(finished.size(), 0);
    client.setPaused(false);
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(!last.paused);
    const auto outcome = finished[0][0].value<RunOutcome>();
    QCOMPARE(outcome.picturesDecoded, 60);
    QCOMPARE(outcome.results.front().state, RunState::Done);
    QVERIFY2(outcome.wallSeconds > 0.0, qPrintable(QString::number(outcome.wallSeconds)));

    client.start(request(m_clip, {u"t.good"_s}), nullptr); // a new run is not held
    client.setPaused(true);
    QTRY_VERIFY(last.paused);
    client.cancel(); // a held run can be cancelled
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 1000);
    QCOMPARE(failed[0][0].value<Error>().code, Errc::Cancelled);
}

void TestRunClient::theRunGivesWayToTheInterface()
{
    std::atomic<int> nice{-100};
    PluginRegistry registry;
    Behaviour asks;
    asks.frame = [&](const FrameBundle &) -> Result<void> {
        nice = getpriority(PRIO_PROCESS, 0);
        return {};
    };
    add(registry, manifest(u"t.asks"_s), asks);
    RunClient client(registry);
    QSignalSpy finished(&client, &RunClient::finished);
    const int ours = getpriority(PRIO_PROCESS, 0);
    client.start(request(m_clip, {u"t.asks"_s}), nullptr);
    QTRY_COMPARE(finished.size(), 1);
    QVERIFY2(nice >= std::max(10, ours), qPrintable(QString::number(nice)));
    QCOMPARE(getpriority(PRIO_PROCESS, 0), ours);
}

void TestRunClient::aSecondStartReplacesTheFirst()
{
    RunClient client(m_registry);
    QSignalSpy failed(&client, &RunClient::failed), finished(&client, &RunClient::finished);
    client.start(request(m_clip, {u"t.slow"_s}), nullptr);
    client.start(request(m_clip, {u"t.good"_s}), nullptr);
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(failed.size(), 1);
    QCOMPARE(finished[0][0].value<RunOutcome>().results[0].record.pluginId, u"t.good"_s);
}

void TestRunClient::destroyingTheClientEndsTheRun()
{
    auto client = std::make_unique<RunClient>(m_registry);
    int told = 0;
    connect(client.get(), &RunClient::failed, this, [&] { ++told; });
    client->start(request(m_clip, {u"t.slow"_s}), nullptr);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    QElapsedTimer timer;
    timer.start();
    client.reset();
    QVERIFY(timer.elapsed() < 1000);
    QTest::qWait(20);
    QCOMPARE(told, 0);
}

QTEST_GUILESS_MAIN(TestRunClient)
#include "tst_run_client.moc"
