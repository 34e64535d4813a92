// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_plugins.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

constexpr int kFrames = 60;

} // namespace

class TestEngineFaults : public QObject
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
    void aPluginThatThrowsEndsAloneWithItsReason_data();
    void aPluginThatThrowsEndsAloneWithItsReason();
    void aFactoryThatMakesNothingIsAFault();
    void thoseWhoNeedAFailedObserverSayWhy_data();
    void thoseWhoNeedAFailedObserverSayWhy();
    void notApplicableFromThePluginIsNoFault();
    void stoppingWithoutBeingAskedIsAFault();
    void aBrokenResultIsRefused_data();
    void aBrokenResultIsRefused();

private:
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

void TestEngineFaults::aPluginThatThrowsEndsAloneWithItsReason_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<bool>("standard");
    for (const bool standard : {true, false}) {
        for (const char *call : {"begin", "frame", "finish"})
            QTest::addRow("%s %s", call, standard ? "std" : "int")
                << QString::fromLatin1(call) << standard;
    }
}

void TestEngineFaults::aPluginThatThrowsEndsAloneWithItsReason()
{
    QFETCH(QString, call);
    QFETCH(bool, standard);
    const auto blow = [standard] {
        if (standard)
            throw std::runtime_error("the flux is gone");
        throw 42;
    };
    Behaviour b;
    if (call == u"begin")
        b.begin = [=](const ClipFacts &, const JobContext &) -> Result<void> {
            blow();
            return {};
        };
    if (call == u"frame") {
        b.frame = [=](const FrameBundle &bundle) -> Result<void> {
            if (bundle.index == 5)
                blow();
            return {};
        };
    }
    if (call == u"finish")
        b.finish = [=](const Ledger &) -> Result<AnalysisResult> {
            blow();
            return AnalysisResult();
        };
    add(*m_registry, manifest(u"t.bad"_s), b);
    const RunOutcome outcome = run({u"t.bad"_s, u"t.good"_s});
    const MethodResult &bad = *resultOf(outcome, u"t.bad"_s);
    QCOMPARE(bad.state, RunState::Failed);
    QVERIFY2(bad.reason.contains(standard ? u"the flux is gone"_s : u"unknown type"_s),
             qPrintable(bad.reason));
    QVERIFY(bad.result.findings.empty());
    verifyTheOthersWentOn(outcome);
}

void TestEngineFaults::aFactoryThatMakesNothingIsAFault()
{
    Behaviour nothing;
    nothing.makesNothing = true;
    add(*m_registry, manifest(u"t.bad"_s), nothing);
    const RunOutcome outcome = run({u"t.bad"_s, u"t.good"_s});
    QCOMPARE(resultOf(outcome, u"t.bad"_s)->state, RunState::Failed);
    QCOMPARE(resultOf(outcome, u"t.bad"_s)->reason, u"the factory made no detector"_s);
    verifyTheOthersWentOn(outcome);
}

void TestEngineFaults::thoseWhoNeedAFailedObserverSayWhy_data()
{
    QTest::addColumn<int>("failsAt"); // -1: begin; kFrames: finish
    QTest::newRow("begin") << -1;
    QTest::newRow("frame") << 30;
    QTest::newRow("finish") << kFrames;
}

void TestEngineFaults::thoseWhoNeedAFailedObserverSayWhy()
{
    QFETCH(int, failsAt);
    Behaviour b = facesOfWidth([](FrameIndex) { return 40.0f; });
    const Failure failure = fail(Errc::BadData, u"lens cap on"_s);
    b.begin = [=](const ClipFacts &, const JobContext &) -> Result<void> {
        return failsAt < 0 ? failure : Result<void>();
    };
    b.observe = [=, observe = b.observe](const FrameBundle &f, Observations &o) -> Result<void> {
        return f.index == failsAt ? failure : observe(f, o);
    };
    b.finish = [=](const Ledger &) -> Result<AnalysisResult> {
        return failsAt == kFrames ? Result<AnalysisResult>(failure) : AnalysisResult();
    };
    add(*m_registry, faceObserver(), b);
    Manifest needy = manifest(u"t.needy"_s);
    needy.needs = {u"face.track"_s};
    add(*m_registry, needy, traceOfWhatItSaw());
    const RunOutcome outcome = run({u"t.needy"_s, u"t.good"_s});
    QCOMPARE(resultOf(outcome, u"test.faces"_s)->state, RunState::Failed);
    QCOMPARE(resultOf(outcome, u"test.faces"_s)->reason, u"lens cap on"_s);
    const MethodResult &result = *resultOf(outcome, u"t.needy"_s);
    QCOMPARE(result.state, RunState::NotApplicable);
    QVERIFY2(result.reason.contains(u"lens cap on"_s), qPrintable(result.reason));
    QCOMPARE(result.result.findings.size(), 1u);
    QVERIFY(outcome.observationKeys.empty()); // a torn log must not stand in for it later
    verifyTheOthersWentOn(outcome);
}

void TestEngineFaults::notApplicableFromThePluginIsNoFault()
{
    Behaviour b;
    b.finish = [](const Ledger &) -> Result<AnalysisResult> {
        return fail(Errc::NotApplicable, u"nobody blinks in it"_s);
    };
    add(*m_registry, manifest(u"t.d"_s), b);
    Manifest viewer = manifest(u"t.viewer"_s);
    viewer.viewerOnly = true;
    add(*m_registry, viewer, b);
    const RunOutcome outcome = run({u"t.d"_s, u"t.viewer"_s});
    const MethodResult &result = *resultOf(outcome, u"t.d"_s);
    QCOMPARE(result.state, RunState::NotApplicable);
    QCOMPARE(result.reason, u"nobody blinks in it"_s);
    QCOMPARE(result.result.findings.size(), 1u);
    QVERIFY(resultOf(outcome, u"t.viewer"_s)->result.findings.empty()); // shows, never claims
}

void TestEngineFaults::stoppingWithoutBeingAskedIsAFault()
{
    Behaviour b;
    b.frame = [](const FrameBundle &) -> Result<void> { return fail(Errc::Cancelled, u"tired"_s); };
    add(*m_registry, manifest(u"t.bad"_s), b);
    const RunOutcome outcome = run({u"t.bad"_s, u"t.good"_s});
    QCOMPARE(resultOf(outcome, u"t.bad"_s)->state, RunState::Failed);
    verifyTheOthersWentOn(outcome);
}

void TestEngineFaults::aBrokenResultIsRefused_data()
{
    QTest::addColumn<AnalysisResult>("result");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QString &said, auto &&change) {
        AnalysisResult result;
        Finding finding;
        finding.id = u"f"_s;
        finding.title = u"t"_s;
        finding.summary = u"s"_s;
        result.findings = {finding};
        Trace trace;
        trace.id = u"tr"_s;
        trace.frames = {0, 1};
        trace.values = {0.5, 0.5};
        result.measured.traces = {trace};
        change(result);
        QTest::newRow(name) << result << said;
    };
    row("sound", {}, [](AnalysisResult &) {});
    row("id twice", u"twice"_s, [](AnalysisResult &r) { r.findings.push_back(r.findings[0]); });
    row("no summary", u"no summary"_s, [](AnalysisResult &r) { r.findings[0].summary.clear(); });
    row("strength", u"strength"_s, [](AnalysisResult &r) { r.findings[0].strength = 1.1; });
    row("score", u"score"_s, [](AnalysisResult &r) {
        r.findings[0].score = Score{std::nan(""), ScoreScale::Raw, {}, {}, {}, {}, {}};
    });
    row("range", u"outside"_s, [](AnalysisResult &r) { r.findings[0].range = {0, kFrames + 1}; });
    row("lengths", u"2 frames"_s, [](AnalysisResult &r) { r.measured.traces[0].values = {1}; });
    row("order", u"ascend"_s, [](AnalysisResult &r) { r.measured.traces[0].frames = {1, 1}; });
    row("frame", u"frame 60 of 60"_s, [](AnalysisResult &r) {
        r.measured.traces[0].frames = {1, kFrames};
    });
    row("band", u"band"_s, [](AnalysisResult &r) { r.measured.traces[0].lower = {1, 1}; });
    row("heat map", u"CV_32FC1"_s, [](AnalysisResult &r) {
        HeatMap map;
        map.id = u"h"_s;
        map.values = cv::Mat::zeros(2, 2, CV_8UC1);
        r.measured.heatMaps.push_back(map);
    });
    row("table", u"one cell for each column"_s, [](AnalysisResult &r) {
        Table table;
        table.id = u"t"_s;
        table.columns = {{u"a"_s, {}, false}};
        table.rows = {QJsonArray{1, 2}};
        r.measured.tables.push_back(table);
    });
}

void TestEngineFaults::aBrokenResultIsRefused()
{
    QFETCH(AnalysisResult, result);
    QFETCH(QString, said);
    Behaviour b;
    b.finish = [result](const Ledger &) -> Result<AnalysisResult> { return result; };
    add(*m_registry, manifest(u"t.d"_s), b);
    const RunOutcome outcome = run({u"t.d"_s, u"t.good"_s});
    const MethodResult &got = *resultOf(outcome, u"t.d"_s);
    QCOMPARE(got.state, said.isEmpty() ? RunState::Done : RunState::Failed);
    QVERIFY2(got.reason.contains(said), qPrintable(got.reason));
    if (!said.isEmpty())
        QVERIFY(got.result.findings.empty() && got.result.measured.empty());
    verifyTheOthersWentOn(outcome);
}

QTEST_GUILESS_MAIN(TestEngineFaults)
#include "tst_engine_faults.moc"
