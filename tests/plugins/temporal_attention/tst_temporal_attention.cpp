// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "detect/manifest.h"
#include "faces/behaviour_window.h"
#include "faces/head_model.h"
#include "faces/head_pose.h"
#include "temporal_detector.h"
#include "temporal_scores.h"
#include "test_data.h"

#include <QTest>

#include <cmath>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

Manifest manifestOfPlugin()
{
    const QString path = test::sourceDir() + u"/plugins/detect/temporal_attention/manifest.json"_s;
    return parseManifest(readJsonObject(path).value(), path).value();
}

QString weights()
{
    return test::sourceDir() + u"/models/"_s + manifestOfPlugin().models.front().file;
}

/// A face that turns and speaks; `px` is the tremble of its landmarks.
FaceObservation face(int frame, double rate, double px, std::mt19937 &random)
{
    std::normal_distribution<float> normal;
    const double t = frame / rate;
    FaceObservation f;
    f.track = TrackId{1};
    f.pose = HeadPose{rotationOf({0.05, 0.15 * std::sin(t), 0.0}), {0, 0, 500}, 1.0};
    Landmarks68 points;
    const Camera camera = Camera::assumed(640, 480);
    for (std::size_t p = 0; p < 68; ++p) {
        points[p] = cv::Point2f(projected(*f.pose, camera, neutralHead()[p]))
            + cv::Point2f(float(px) * normal(random), float(px) * normal(random));
        if (p >= 55 && p < 60)
            points[p].y += float(3.0 * (1.0 + std::sin(18.0 * t)));
    }
    f.landmarks = points;
    return f;
}

std::vector<BehaviourRow> rows(double seconds, double rate, double px)
{
    std::mt19937 random(4);
    std::vector<BehaviourRow> out;
    for (int i = 0; i < int(seconds * rate); ++i)
        out.push_back(behaviourRow(i, i / rate, face(i, rate, px, random), Camera::assumed(640, 480)));
    return out;
}

} // namespace

class TestTemporalAttention : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void windowsHaveOneRateAndKnowNobody_data();
    void windowsHaveOneRateAndKnowNobody();
    void missingFramesAreMarkedOrEndAWindow();
    void attentionLeavesOutWhatWasNotMeasured();
    void trembleRaisesTheScore();
    void orderMatters();
    void tracesAverageOverlappingWindows();
    void anotherNetworkIsRefused();
    void detectorShowsAndNeverDecides_data();
    void detectorShowsAndNeverDecides();
    void manifestIsValid();
};

void TestTemporalAttention::windowsHaveOneRateAndKnowNobody_data()
{
    QTest::addColumn<double>("rate");
    for (const double rate : {15.0, 25.0, 30.0, 60.0})
        QTest::addRow("%.0f frames/s", rate) << rate;
}

void TestTemporalAttention::windowsHaveOneRateAndKnowNobody()
{
    QFETCH(double, rate);
    const auto windows = motionWindows(rows(4.0, rate, 0.0));
    QVERIFY(windows.size() >= 8 && windows.size() <= 9);
    for (const MotionWindow &w : windows) {
        QCOMPARE(w.values.size(), std::size_t(kWindowFrames * kFrameValues));
        const double length = double(w.lastRow - w.firstRow) / rate;
        QVERIFY(std::abs(length - 1.24) < 0.09);
        for (int c = 0; c < 102; ++c) {
            double sum = 0.0;
            for (int f = 0; f < kWindowFrames; ++f)
                sum += double(w.values[std::size_t(f * kFrameValues + c)]);
            QVERIFY(std::abs(sum) < 1e-2);
        }
        QVERIFY(std::all_of(w.values.begin(), w.values.end(), [](float v) { return std::abs(v) < 20.0f; }));
    }
}

void TestTemporalAttention::missingFramesAreMarkedOrEndAWindow()
{
    auto track = rows(1.4, 25.0, 0.2);
    for (const std::size_t i : {5u, 6u, 20u})
        track[i] = missingBehaviourRow(FrameIndex(i), double(i) / 25.0);
    const auto few = motionWindows(track);
    QCOMPARE(few.size(), std::size_t(1));
    for (int f = 0; f < kWindowFrames; ++f) {
        const bool measured = f != 5 && f != 6 && f != 20;
        QCOMPARE(few.front().values[std::size_t(f * kFrameValues + kFrameValues - 1)], measured ? 1.0f : 0.0f);
    }
    track[21] = missingBehaviourRow(21, 21 / 25.0);
    QVERIFY(motionWindows(track).empty());
    QVERIFY(motionWindows({}).empty());
    // A face that comes back after a second is not one motion.
    auto gone = rows(4.0, 25.0, 0.2);
    gone.erase(gone.begin() + 30, gone.begin() + 55);
    for (const MotionWindow &w : motionWindows(gone))
        QVERIFY(gone[w.lastRow].frame - gone[w.firstRow].frame < 33);
}

void TestTemporalAttention::attentionLeavesOutWhatWasNotMeasured()
{
    auto track = rows(1.4, 25.0, 0.2);
    track[9] = missingBehaviourRow(9, 9 / 25.0);
    auto network = Network::load(weights(), manifestOfPlugin().models.front().sha256);
    QVERIFY2(network, network ? "" : qPrintable(network.error().text()));
    const auto scores = temporalScores(**network, motionWindows(track), {});
    QVERIFY(scores);
    const auto &attention = scores->front().attention;
    QVERIFY(attention[9] < 1e-6f);
    QVERIFY(std::abs(std::accumulate(attention.begin(), attention.end(), 0.0f) - 1.0f) < 1e-3f);
}

void TestTemporalAttention::trembleRaisesTheScore()
{
    auto network = Network::load(weights(), manifestOfPlugin().models.front().sha256);
    QVERIFY(network);
    double mean[2];
    for (const int strong : {0, 1}) {
        const auto scores = temporalScores(**network, motionWindows(rows(6.0, 25.0, strong ? 2.0 : 0.15)), {});
        QVERIFY(scores);
        mean[strong] = 0.0;
        for (const TemporalScore &s : *scores)
            mean[strong] += s.logit / double(scores->size());
    }
    QVERIFY2(mean[1] > mean[0] + 0.5, qPrintable(u"%1 %2"_s.arg(mean[0]).arg(mean[1])));
}

void TestTemporalAttention::orderMatters()
{
    auto network = Network::load(weights(), manifestOfPlugin().models.front().sha256);
    QVERIFY(network);
    MotionWindow window = motionWindows(rows(2.0, 25.0, 0.2)).front(), mixed = window;
    for (int f = 0; f < kWindowFrames; ++f) {
        const int from = (f * 13) % kWindowFrames;
        std::copy_n(window.values.begin() + from * kFrameValues, kFrameValues, mixed.values.begin() + f * kFrameValues);
    }
    const auto scores = temporalScores(**network, {window, mixed, window}, {});
    QVERIFY(scores);
    QVERIFY(std::abs((*scores)[0].logit - (*scores)[1].logit) > 0.005);
    QVERIFY(std::abs((*scores)[0].logit - (*scores)[2].logit) < 1e-4);
}

void TestTemporalAttention::tracesAverageOverlappingWindows()
{
    std::vector<TemporalScore> scores(2);
    scores[0] = {0, 31, 1.0, 0.1, 0.5};
    scores[1] = {8, 39, 3.0, 0.3, 0.5};
    for (TemporalScore &s : scores)
        s.attention.fill(1.0f / kWindowFrames);
    TemporalTraces traces = temporalTraces(scores, 50);
    QCOMPARE(traces.logit[0], 1.0);
    QCOMPARE(traces.logit[20], 2.0);
    QCOMPARE(traces.logit[39], 3.0);
    QVERIFY(std::isnan(traces.logit[40]) && std::isnan(traces.attention[45]));
    QVERIFY(std::abs(traces.attention[20] - 1.0) < 1e-6);
    QVERIFY(std::abs(traces.high[20] - 2.2) < 1e-9);
    scores[1].distance = 1.5; // unlike everything trained on
    traces = temporalTraces(scores, 50);
    QCOMPARE(traces.logit[20], 1.0);
    QVERIFY(std::isnan(traces.logit[36]));
    QCOMPARE(separateScores(scores).size(), std::size_t(1));
}

void TestTemporalAttention::anotherNetworkIsRefused()
{
    const QString path = test::sourceDir() + u"/models/eyes/eyes.fwm"_s;
    auto eyes = Network::load(path, readJsonObject(test::sourceDir() + u"/plugins/observe/eyes/manifest.json"_s)
                                        ->value(u"models"_s).toArray().at(0).toObject().value(u"sha256"_s).toString());
    QVERIFY(eyes);
    QVERIFY(!temporalScores(**eyes, motionWindows(rows(2.0, 25.0, 0.2)), {}));
    TemporalDetector detector;
    QCOMPARE(detector.begin({}, {}).error().code, Errc::NotFound);
}

void TestTemporalAttention::detectorShowsAndNeverDecides_data()
{
    QTest::addColumn<QString>("network");
    QTest::newRow("recurrent") << u"recurrent"_s;
    QTest::newRow("transformer") << u"transformer"_s;
}

void TestTemporalAttention::detectorShowsAndNeverDecides()
{
    QFETCH(QString, network);
    std::stop_source stop;
    JobContext job;
    job.options = manifestOfPlugin().defaultOptions();
    job.options[u"network"_s] = network;
    for (const ModelSpec &model : manifestOfPlugin().models) {
        job.modelPaths[model.id] = test::sourceDir() + u"/models/"_s + model.file;
        job.modelHashes[model.id] = model.sha256;
    }
    job.stop = stop.get_token();
    ClipFacts clip;
    clip.width = 640;
    clip.height = 480;
    const auto run = [&](TemporalDetector &detector, int frames, double px) {
        std::mt19937 random(6);
        QVERIFY(detector.begin(clip, job));
        for (int i = 0; i < frames; ++i) {
            FrameBundle bundle;
            bundle.index = i;
            bundle.seconds = i / 25.0;
            bundle.observed.faces = FaceObservations{face(i, 25.0, px, random)};
            QVERIFY(detector.frame(bundle));
        }
    };
    TemporalDetector detector;
    run(detector, 300, 2.0);
    const auto result = detector.finish({});
    QVERIFY(result);
    QCOMPARE(result->findings.size(), std::size_t(1));
    QCOMPARE(result->findings.front().verdict, Verdict::Inconclusive);
    QCOMPARE(result->measured.traces.size(), std::size_t(3));
    for (const Trace &t : result->measured.traces)
        QCOMPARE(t.values.size(), t.frames.size());
    TemporalDetector brief;
    run(brief, 60, 0.2);
    QVERIFY(brief.finish({})->findings.front().summary.contains(u"8 are needed"_s));
    TemporalDetector stopped;
    run(stopped, 100, 0.2);
    stop.request_stop();
    QCOMPARE(stopped.finish({}).error().code, Errc::Cancelled);
    job.stop = {};
    TemporalDetector nobody;
    run(nobody, 0, 0.2);
    QCOMPARE(nobody.finish({}).error().code, Errc::NotApplicable);
}

void TestTemporalAttention::manifestIsValid()
{
    const QString path = test::sourceDir() + u"/plugins/detect/temporal_attention/manifest.json"_s;
    const auto manifest = parseManifest(readJsonObject(path).value(), path);
    QVERIFY2(manifest, manifest ? "" : qPrintable(manifest.error().text()));
    QCOMPARE(manifest->id, u"org.framewitness.temporal_attention"_s);
}

QTEST_GUILESS_MAIN(TestTemporalAttention)
#include "tst_temporal_attention.moc"
